"""tasks.get_by_id."""

from __future__ import annotations

import re
from typing import Any

import pytest

from experiments.models import ClientRead
from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db

# What the typed classes of the SDK accept; anything else makes the whole reply None there.
TYPES = {
    "id": str,
    "name": str,
    "type": str,
    "status": str,
    "comment": str,
    "user": str,
    "company": str,
    "project": str,
    "created": str,
    "last_update": str,
    "last_iteration": int,
    "tags": list,
    "system_tags": list,
    "script": dict,
    "execution": dict,
    "container": dict,
    "output": dict,
    "models": dict,
    "hyperparams": dict,
    "configuration": dict,
    "runtime": dict,
    "last_metrics": dict,
    "status_reason": str,
    "status_message": str,
    "last_worker": str,
}
MAY_BE_NULL = {
    "parent",
    "started",
    "completed",
    "published",
    "last_worker_report",
    "active_duration",
    "status_changed",
    "last_change",
}


def test_a_new_task_has_every_field_in_its_type(task: str, read: Read) -> None:
    found = read(task)
    assert found.keys() == TYPES.keys() | MAY_BE_NULL
    wrong = {name for name, kind in TYPES.items() if not isinstance(found[name], kind)}
    assert not wrong
    assert found["models"] == {"input": [], "output": []}
    assert found["execution"]["artifacts"] == []


def test_times_are_iso_8601_in_utc(task: str, read: Read) -> None:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"
    assert re.fullmatch(pattern, read(task)["created"])


def test_a_viewer_reads(bob_api: ProtocolClient, task: str) -> None:
    assert bob_api.data("tasks.get_by_id", {"task": task})["task"]["id"] == task


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, 11)),
        ({"task": NOBODY}, (400, 101)),
        ({"task": "x"}, (400, 10)),
        ({"task": 5}, (400, 12)),
    ],
)
def test_it_refuses(api: ProtocolClient, body: dict[str, Any], expected: tuple[int, int]) -> None:
    assert api.refused("tasks.get_by_id", body) == expected


def test_to_a_stranger_it_is_not_there(charlie_api: ProtocolClient, task: str) -> None:
    assert charlie_api.refused("tasks.get_by_id", {"task": task}) == (400, 101)


def test_old_clients_find_what_they_wrote_where_they_wrote_it(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    execution = {
        "parameters": {"lr": "0.1", "TF_DEFINE/x": "1", "a/b": "2"},
        "model_desc": {"prototxt": "text"},
    }
    uid = create(execution=execution)
    assert read(uid)["execution"]["parameters"] == {}
    assert read(uid)["hyperparams"]["Args"]["lr"] == {
        "section": "Args",
        "name": "lr",
        "value": "0.1",
        "type": "legacy",
    }
    old = api.call("tasks.get_by_id", {"task": uid}, version="2.8")["data"]["task"]
    assert old["execution"]["parameters"] == execution["parameters"]
    assert old["execution"]["model_desc"] == execution["model_desc"]


def test_what_was_read_is_known_to_the_session(
    api: ProtocolClient, task: str, read: Read, alice: Any
) -> None:
    """The SDK writes back what it read; what another wrote in between stays."""
    other = ProtocolClient(alice)
    read(task)
    other.data(
        "tasks.edit_hyper_params",
        {
            "task": task,
            "hyperparams": [{"section": "Args", "name": "theirs", "value": "1"}],
        },
    )
    mine = {"Args": {"mine": {"value": "2"}}}
    api.data("tasks.edit", {"task": task, "hyperparams": mine, "force": True})
    assert read(task)["hyperparams"]["Args"].keys() == {"mine", "theirs"}


def test_reading_what_has_ended_leaves_no_trace(
    api: ProtocolClient, bob_api: ProtocolClient, task: str
) -> None:
    bob_api.data("tasks.get_by_id", {"task": task})
    assert ClientRead.objects.count() == 1
    api.data("tasks.completed", {"task": task, "force": True})
    ProtocolClient(bob_api.user).data("tasks.get_by_id", {"task": task})
    assert ClientRead.objects.count() == 1
