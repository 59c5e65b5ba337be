"""Stored and reflected scripts, SQL, and names that deceive; a browser repeats it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.template import engines
from django.test import Client

from experiments.models import Task, User, Worker
from experiments.operations.accounts import issue_credentials, set_full_name
from tests.people import ProtocolClient
from tests.trust.hostile import PAYLOADS, active_parts, store_alone, store_everywhere, store_queue
from tests.trust.walk import addresses
from webui.checks import routes
from webui.policy import SIGNED_IN

# One project with all payloads would hide which one did it; a few at a time keep it quick.
BATCHES = [PAYLOADS[start : start + 10] for start in range(0, len(PAYLOADS), 10)]
FRAGMENT = {"HX-Request": "true"}
REFLECTED = ("q", "filter", "columns", "order", "after", "before", "limit", "archived", "next",
             "page", "tab", "search", "name", "xcanary")  # fmt: skip


@pytest.fixture
def hostile(alice: User, api: ProtocolClient) -> Any:
    """Stores payloads in a project of their own and gives the pages that show them."""

    def store(payloads: list[str]) -> list[str]:
        paths: set[str] = set()
        set_full_name(user=alice, full_name=payloads[0].replace("\x0c", ""))
        home = api.data("projects.create", {"name": payloads[0][1:6], "description": "x"})["id"]
        everything = store_everywhere(api, home, *payloads)
        for number, payload in enumerate(payloads):
            issue_credentials(user=alice, label=payload[:100])
            # An empty part of a path is refused, and so is a name that is there already.
            name = re.sub("/+", "/", f"{number}{payload}").strip("/")
            project = api.data("projects.create", {"name": name, "description": payload})["id"]
            alone = store_alone(api, project, payload)
            paths |= {f"/projects/{project}/", f"/projects/{project}/experiments/"}
            tabs = ("configuration", "execution", "info")
            paths |= {f"/experiments/{alone}/{tab}/" for tab in tabs}
            queue = store_queue(api, project, payload)
            worker = str(Worker.objects.latest("pk").pk)
            paths |= set(pages_of(home, everything, payload, queue, worker))
            paths.add(f"/workers/?worker={quote(payload)}")
        return sorted(paths)

    return store


def pages_of(
    project: str, task: str, text: str = "x", queue: str = "f" * 32, worker: str = "0"
) -> Iterator[str]:
    samples = {
        "queue": queue,
        "worker": worker,
        "project": project,
        "experiment": task,
        "access_key": "x",
        "token": "x",
        "rest": "output/log",
        "name": text,
        "object": text,
        "key": f"properties/{text}",
        "section": text.replace("/", "-"),
        "group": "code",
        "action": "move",
    }
    for address in addresses(samples):
        if address.access is SIGNED_IN and address.name != "logout":
            yield address.path
    columns = quote("name,type,tags,status,project,user,parent,description,Args/lr")
    yield f"/experiments/?columns={columns}"


def sinks(
    client: Client, paths: list[str], kinds: tuple[dict[str, str], ...] = ({}, FRAGMENT)
) -> tuple[list[tuple[str, list[str]]], int]:
    """The pages in which something would run, and how many places showed a payload."""
    active, shown = [], 0
    for path in paths:
        for headers in kinds:
            answer = client.get(path, headers=headers, follow=True)
            assert answer.status_code < 500, path
            if "html" in answer.headers.get("Content-Type", ""):
                found, texts = active_parts(answer.content.decode())
                shown += texts
                if found:
                    active.append((path, found))
    return active, shown


class TestStoredScripts:
    @pytest.mark.parametrize("payloads", BATCHES, ids=lambda payloads: payloads[0][:20])
    def test_nothing_stored_becomes_markup(
        self, alice_client: Client, hostile: Any, payloads: list[str]
    ) -> None:
        active, shown = sinks(alice_client, hostile(payloads))
        assert active == []
        assert shown > 400 * len(payloads), "the pages did not show what was stored"

    def test_without_escaping_it_would(
        self, alice_client: Client, hostile: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paths = hostile(PAYLOADS[7:8])
        monkeypatch.setattr(engines["django"].engine, "autoescape", False)
        active, _ = sinks(alice_client, paths)
        assert active

    def test_there_are_enough_of_them(self) -> None:
        assert len(set(PAYLOADS)) >= 60


class TestReflectedScripts:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_in_an_address_becomes_markup(
        self, alice_client: Client, project: Any, payload: str
    ) -> None:
        paths = [path for path in pages_of(project.uid, "f" * 32) if "f" * 32 not in path]
        query = "&".join(f"{name}={quote(payload)}" for name in REFLECTED)
        paths = [f"{path.partition('?')[0]}?{query}" for path in paths]
        paths += [f"/{quote(payload, safe='')}/", f"/experiments/{quote(payload, safe='')}/"]
        active, _ = sinks(alice_client, paths, kinds=({},))
        assert active == []

    @pytest.mark.parametrize("name", REFLECTED)
    def test_each_field_of_an_address_alone(self, alice_client: Client, name: str) -> None:
        """Together, one that is refused could hide what another does."""
        paths = [
            f"{path}?{name}={quote(payload)}"
            for path in ("/", "/experiments/", "/search/")
            for payload in PAYLOADS[:12]
        ]
        assert sinks(alice_client, paths)[0] == []

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_typed_becomes_markup(self, client: Client, db: None, payload: str) -> None:
        answer = client.post("/login/", {"username": payload, "password": "x", "next": payload})
        found, _ = active_parts(answer.content.decode())
        assert found == []


class TestDatabaseLanguage:
    HOSTILE = ("' OR 1=1 --", '" OR ""="', "1; DROP TABLE experiments_task", "') UNION SELECT 1 --",
               "%' OR '1'='1", "\\'; --", "x` = 1 OR `x", "?", "%s", "%(x)s", "{0}", "$1",
               "name__startswith", "project__owner__password", "pk", "rowid",
               "Args/lr); --")  # fmt: skip

    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize(
        "name", ["q", "filter", "columns", "order", "after", "before", "limit"]
    )
    def test_pages_take_it_for_text(
        self, charlie_client: Client, project: Any, alice: User, name: str, text: str
    ) -> None:
        """Charlie may see none of alice's experiments, whatever the condition says."""
        from tests.factories import make_task

        task = make_task(project, user=alice, name="alices-experiment")
        for path in ("/", "/experiments/", "/search/"):
            answer = charlie_client.get(path, {name: text}, follow=True)
            assert answer.status_code < 500, path
            assert task.uid not in answer.content.decode()
        assert Task.objects.filter(pk=task.pk).exists()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_the_protocol_takes_it_for_text(
        self, charlie_api: ProtocolClient, project: Any, alice: User, text: str
    ) -> None:
        from tests.factories import make_task

        task = make_task(project, user=alice, name="alices-experiment")
        for body in (
            {"name": text},
            {"order_by": [text]},
            {"only_fields": [text]},
            {"search_text": text},
            {"_all_": {"fields": [text], "pattern": text}},
            {text: text},
            {"id": [text]},
            {"tags": [text]},
        ):
            reply = charlie_api.call("tasks.get_all", body)
            assert reply["meta"]["result_code"] < 500, body
            assert task.uid not in str(reply)
        assert Task.objects.filter(pk=task.pk).exists()


def test_pages_that_show_stored_text_are_all_walked() -> None:
    assert {name for _, name in routes()} >= {"project-list", "experiment-list", "settings"}
