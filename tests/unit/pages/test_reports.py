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


class TestConsole:
    def test_the_newest_is_at_the_end(self, alice_client: Client, alice: User, task: Any) -> None:
        report(task, alice, [{"type": "log", "msg": f"line {n}"} for n in range(3)])
        page = page_of(alice_client, task, "console")
        assert re.findall(r"line \d", page) == ["line 0", "line 1", "line 2"]

    def test_it_pages_back_and_forth(self, alice_client: Client, alice: User, task: Any) -> None:
        report(task, alice, [{"type": "log", "msg": f"line {n:03}"} for n in range(700)])
        page = page_of(alice_client, task, "console")
        assert re.findall(r"line \d+", page)[::499] == ["line 200", "line 699"]
        earlier = re.search(r'href="(\?before=[^"]+)"', page)
        assert earlier
        page = page_of(alice_client, task, "console", earlier[1])
        assert re.findall(r"line \d+", page)[::199] == ["line 000", "line 199"]
        later = re.search(r'href="(\?after=[^"]+)"', page)
        assert later
        assert "line 699" in page_of(alice_client, task, "console", later[1])


class TestScalars:
    def test_values_and_a_chart(self, alice_client: Client, alice: User, task: Any) -> None:
        report(task, alice, [
            {"type": "training_stats_scalar", "metric": "loss", "variant": variant, "iter": step,
             "value": value}
            for variant, values in (("train", (3.0, 1.5)), ("val", (4.0, 2.25)))
            for step, value in enumerate(values)
        ])  # fmt: skip
        page = page_of(alice_client, task, "scalars")
        assert page.count("<polyline") == 2
        row = page.split('data-metric="loss/val"', 1)[1].split("</tr>", 1)[0]
        assert re.findall(r">([\d.]+)</td>", row) == ["2.25", "2.25", "4.0", "4.0", "3.125", "2"]
        assert 'title="4.0 at iteration 0"' in row

    def test_single_values_stand_apart(self, alice_client: Client, alice: User, task: Any) -> None:
        report(task, alice, [
            {"type": "training_stats_scalar", "metric": "Summary", "variant": "score",
             "iter": -(2**31), "value": 0.5}
        ])  # fmt: skip
        page = page_of(alice_client, task, "scalars")
        assert "Single values" in page
        assert "<polyline" not in page
