"""The endpoints that change a status: started, stopped, completed, failed, close, publish."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db

# Endpoint, the status it leads to, and the calls that bring a draft to where it is possible.
CASES = [
    ("tasks.started", "in_progress", []),
    ("tasks.stopped", "stopped", ["started"]),
    ("tasks.stop", "stopped", ["started"]),
    ("tasks.failed", "failed", ["started"]),
    ("tasks.completed", "completed", ["started"]),
    ("tasks.close", "closed", ["started", "stopped"]),
    ("tasks.publish", "published", ["started", "completed"]),
]


def bring(api: ProtocolClient, task: str, path: list[str]) -> None:
    for verb in path:
        api.data(f"tasks.{verb}", {"task": task})


@pytest.mark.parametrize(("endpoint", "status", "path"), CASES)
def test_it_changes_the_status_and_may_be_repeated(
    api: ProtocolClient, task: str, read: Read, endpoint: str, status: str, path: list[str]
) -> None:
    bring(api, task, path)
    body = {"task": task, "status_reason": "because", "status_message": "so"}
    for _ in range(2):
        reply = api.data(endpoint, body)
        assert (reply["updated"], reply["fields"]["status"]) == (1, status)
    found = read(task)
    assert (found["status"], found["status_reason"], found["status_message"]) == (
        status,
        "because",
        "so",
    )


@pytest.mark.parametrize(("endpoint", "status", "path"), CASES[1:])
def test_a_draft_cannot_and_force_can(
    api: ProtocolClient, task: str, read: Read, endpoint: str, status: str, path: list[str]
) -> None:
    assert api.refused(endpoint, {"task": task}) == (400, 110)
    assert read(task)["status"] == "created"
    api.data(endpoint, {"task": task, "force": True})
    assert read(task)["status"] == status


@pytest.mark.parametrize("endpoint", [case[0] for case in CASES] + ["tasks.reset"])
def test_it_refuses(
    api: ProtocolClient,
    bob_api: ProtocolClient,
    charlie_api: ProtocolClient,
    task: str,
    endpoint: str,
) -> None:
    assert api.refused(endpoint, {}) == (400, 11)
    assert api.refused(endpoint, {"task": NOBODY}) == (400, 101)
    assert bob_api.refused(endpoint, {"task": task}) == (403, 21)
    assert charlie_api.refused(endpoint, {"task": task}) == (400, 101)


def test_times_of_start_and_end(api: ProtocolClient, task: str, read: Read) -> None:
    assert api.data("tasks.started", {"task": task})["started"] == 1
    started = read(task)["started"]
    assert started
    api.data("tasks.completed", {"task": task, "status_reason": None})
    found = read(task)
    assert found["started"] == started
    assert found["completed"] >= started
    assert found["status_reason"] == ""


def test_completed_may_publish_at_once(api: ProtocolClient, task: str, read: Read) -> None:
    bring(api, task, ["started"])
    api.data("tasks.completed", {"task": task, "publish": True})
    assert read(task)["status"] == "published"
    assert read(task)["published"]


def test_reset_makes_a_draft_and_keeps_the_configuration(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    uid = create(hyperparams={"Args": {"a": {"value": "1"}}})
    bring(api, uid, ["started", "completed"])
    reply = api.data("tasks.reset", {"task": uid})
    assert (reply["updated"], reply["dequeued"], reply["deleted_models"]) == (1, {}, 0)
    found = read(uid)
    assert (found["status"], found["started"], found["completed"]) == ("created", None, None)
    assert found["hyperparams"]["Args"]["a"]["value"] == "1"


def test_reset_of_a_published_task_is_refused(api: ProtocolClient, task: str) -> None:
    bring(api, task, ["started", "completed", "publish"])
    assert api.refused("tasks.reset", {"task": task}) == (400, 110)


def test_many_are_changed_one_by_one(api: ProtocolClient, create: Create, read: Read) -> None:
    running, draft = create(), create()
    bring(api, running, ["started"])
    reply = api.data("tasks.stop_many", {"ids": [running, draft, NOBODY, running]})
    assert [(done["id"], done["updated"]) for done in reply["succeeded"]] == [(running, 1)]
    assert [(bad["id"], bad["error"]["codes"]) for bad in reply["failed"]] == [
        (draft, [400, 110]),
        (NOBODY, [400, 101]),
    ]
    assert read(running)["status"] == "stopped"


def test_publish_and_reset_have_forms_for_many(api: ProtocolClient, create: Create) -> None:
    first, second = create(), create()
    for uid in (first, second):
        bring(api, uid, ["started", "completed"])
    assert len(api.data("tasks.publish_many", {"ids": [first]})["succeeded"]) == 1
    assert len(api.data("tasks.reset_many", {"ids": [first, second]})["succeeded"]) == 1


@pytest.mark.parametrize("endpoint", ["tasks.stop_many", "tasks.archive_many"])
def test_many_needs_ids(api: ProtocolClient, endpoint: str) -> None:
    assert api.refused(endpoint, {}) == (400, 11)
    assert api.refused(endpoint, {"ids": [5]}) == (400, 12)


def test_archive_and_back(api: ProtocolClient, create: Create, read: Read) -> None:
    uid = create(system_tags=["development"])
    assert api.data("tasks.archive", {"tasks": [uid]}) == {"archived": 1}
    assert api.data("tasks.archive", {"tasks": [uid]}) == {"archived": 0}
    assert read(uid)["system_tags"] == ["development", "archived"]
    assert api.data("tasks.unarchive", {"tasks": [uid]}) == {"unarchived": 1}
    assert read(uid)["system_tags"] == ["development"]


def test_archive_many_and_back(api: ProtocolClient, task: str, read: Read) -> None:
    reply: dict[str, Any] = api.data("tasks.archive_many", {"ids": [task, NOBODY]})
    assert reply["succeeded"] == [{"id": task, "archived": True}]
    assert reply["failed"][0]["id"] == NOBODY
    assert "archived" in read(task)["system_tags"]
    api.data("tasks.unarchive_many", {"ids": [task]})
    assert "archived" not in read(task)["system_tags"]


@pytest.mark.parametrize("endpoint", ["tasks.archive", "tasks.unarchive"])
def test_strangers_archive_nothing(
    charlie_api: ProtocolClient, bob_api: ProtocolClient, task: str, endpoint: str
) -> None:
    assert charlie_api.refused(endpoint, {"tasks": [task]}) == (400, 101)
    assert bob_api.refused(endpoint, {"tasks": [task]}) == (403, 21)
