"""INFO, CONSOLE and SCALARS."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import Project, User
from experiments.operations.events import add_events
from tests.factories import actor, make_task

START = 1_700_000_000_000


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(
        project, name="reported", comment="line one\nline two", tags=["prod"],
        runtime={"hostname": "gpu-1", "api_key": "AKIAABCDEFGHIJKLMNOP"},
        script={"repository": "git@example.org:a/b.git", "diff": "-a\n+b\n"},
    )  # fmt: skip


def report(task: Any, user: User, events: list[dict[str, Any]]) -> None:
    full = [{"task": task.uid, "timestamp": START + n, **event} for n, event in enumerate(events)]
    added = add_events(events=full, user_tasks={task.uid: task}, by=actor(user))
    assert added.errors == 0, added


def page_of(client: Client, task: Any, tab: str, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/{tab}/{query}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def tabs(page: str) -> list[str]:
    inside = page.split('aria-label="Experiment"', 1)[1].split("</nav>", 1)[0]
    return re.findall(r"/experiments/[0-9a-f]{32}/(\w+)/", inside)


class TestTabs:
    def test_only_what_exists_has_one(self, alice_client: Client, alice: User, task: Any) -> None:
        assert tabs(page_of(alice_client, task, "info")) == ["configuration", "info"]
        report(task, alice, [{"type": "log", "msg": "hello"}])
        assert tabs(page_of(alice_client, task, "info")) == ["configuration", "console", "info"]

    @pytest.mark.parametrize("tab", ["configuration", "info", "console", "scalars"])
    def test_an_empty_one_opens_and_says_why(
        self, alice_client: Client, task: Any, tab: str
    ) -> None:
        assert "reported" in page_of(alice_client, task, tab)


class TestInfo:
    def test_it_has_every_fact_and_no_secret(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task, "info")
        for fact in (task.uid, "line one\nline two", "gpu-1", "git@example.org:a/b.git", "+b"):
            assert fact in page
        assert "AKIAABCDEFGHIJKLMNOP" not in page
