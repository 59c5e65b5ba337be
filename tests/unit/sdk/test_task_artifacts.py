"""tasks.add_or_update_artifacts, tasks.delete_artifacts, and what a deletion names."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.operations.artifacts import MOST
from tests.people import ProtocolClient
from tests.racing import at_once
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db
ADD, DELETE = "tasks.add_or_update_artifacts", "tasks.delete_artifacts"
WHOLE = {
    "key": "scores",
    "type": "dict",
    "mode": "output",
    "uri": "http://host/files/p/t/scores.json",
    "content_size": 2**40,
    "hash": "ab" * 32,
    "timestamp": 1_795_521_731,
    "type_data": {"preview": "<b>{}</b>", "content_type": "application/json"},
    "display_data": [["rows", "3"]],
    "an unknown field": {"stays": [1, None]},
}


def artifacts(read: Read, uid: str) -> list[dict[str, Any]]:
    return read(uid)["execution"]["artifacts"]


def one(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "custom", **more}


def test_an_artifact_is_kept_as_sent(api: ProtocolClient, task: str, read: Read) -> None:
    for _ in range(2):  # the SDK may send it again
        assert api.data(ADD, {"task": task, "artifacts": [WHOLE]}) == {"updated": 1}
        assert artifacts(read, task) == [WHOLE]


def test_key_and_mode_say_which_is_replaced(api: ProtocolClient, task: str, read: Read) -> None:
    first = [one("a", uri="1"), one("b"), one("a", mode="input")]
    api.data(ADD, {"task": task, "artifacts": first})
    api.data(ADD, {"task": task, "artifacts": [one("a", uri="2"), one("c", mode=None)]})
    assert artifacts(read, task) == [
        one("a", uri="2", mode="output"),
        one("b", mode="output"),
        one("a", mode="input"),
        one("c", mode="output"),
    ]


def test_deleting_by_key_and_mode(api: ProtocolClient, task: str, read: Read) -> None:
    added = [one("a"), one("a", mode="input"), one("b")]
    api.data(ADD, {"task": task, "artifacts": added})
    gone = {"task": task, "artifacts": [{"key": "a"}, {"key": "none"}], "force": True}
    for _ in range(2):
        assert api.data(DELETE, gone) == {"deleted": 1}
        assert artifacts(read, task) == [one("a", mode="input"), one("b", mode="output")]
    api.data(DELETE, {"task": task, "artifacts": [{"key": "a", "mode": "input"}]})
    assert artifacts(read, task) == [one("b", mode="output")]


def test_other_parts_of_the_execution_stay(api: ProtocolClient, create: Create, read: Read) -> None:
    uid = create(execution={"docker_cmd": "image", "artifacts": [one("old")]})
    api.data(ADD, {"task": uid, "artifacts": [one("new")]})
    assert read(uid)["execution"]["docker_cmd"] == "image"
    # The SDK reads the mode of each before it deletes a task.
    assert [(a["key"], a["mode"]) for a in artifacts(read, uid)] == [
        ("old", "output"),
        ("new", "output"),
    ]


@pytest.mark.parametrize("endpoint", [ADD, DELETE])
def test_who_and_when(
    api: ProtocolClient,
    bob_api: ProtocolClient,
    charlie_api: ProtocolClient,
    task: str,
    endpoint: str,
) -> None:
    body: dict[str, Any] = {"artifacts": [one("a")]}
    assert api.refused(endpoint, body) == (400, 11)
    assert api.refused(endpoint, {"task": task}) == (400, 11)
    assert api.refused(endpoint, {**body, "task": NOBODY}) == (400, 101)
    assert bob_api.refused(endpoint, {**body, "task": task}) == (403, 21)
    assert charlie_api.refused(endpoint, {**body, "task": task}) == (400, 101)
    api.data("tasks.started", {"task": task})
    assert api.refused(endpoint, {**body, "task": task}) == (400, 110)
    api.data(endpoint, {**body, "task": task, "force": True})
    api.data("tasks.completed", {"task": task})
    # An upload may end after the script has.
    api.data(endpoint, {**body, "task": task, "force": True})
    api.data("tasks.publish", {"task": task})
    assert api.refused(endpoint, {**body, "task": task, "force": True}) == (400, 110)


@pytest.mark.parametrize(
    "artifact",
    [
        {},
        {"type": "x"},
        {"key": "x"},
        one(""),
        one(" "),
        one("x" * 1025),
        one("nul\x00"),
        one("x", mode="both"),
        one("x", content_size="much"),
        one("x", content_size=2**63),
        one("x", timestamp=1.5),
        one("x", uri=3),
        one("x", type_data=[]),
        one("x", type_data={"preview": {}}),
        one("x", display_data=["x"]),
        "x",
        None,
        3,
    ],
)
def test_a_wrong_artifact_is_refused_and_nothing_kept(
    api: ProtocolClient, task: str, read: Read, artifact: Any
) -> None:
    code, _ = api.refused(ADD, {"task": task, "artifacts": [one("right"), artifact]})
    assert code == 400
    assert artifacts(read, task) == []


@pytest.mark.parametrize("artifact", [{}, {"key": 3}, {"key": "x", "mode": "both"}, "x", None])
def test_a_wrong_identity_is_refused(api: ProtocolClient, task: str, artifact: Any) -> None:
    code, _ = api.refused(DELETE, {"task": task, "artifacts": [artifact]})
    assert code == 400


def test_there_is_a_limit(api: ProtocolClient, task: str, read: Read) -> None:
    many = [one(str(number)) for number in range(1001)]
    assert api.refused(ADD, {"task": task, "artifacts": many}) == (400, 12)
    for start in range(0, MOST, 1000):
        some = [one(str(number)) for number in range(start, start + 1000)]
        api.data(ADD, {"task": task, "artifacts": some})
    assert api.refused(ADD, {"task": task, "artifacts": [one("one more")]}) == (400, 12)
    api.data(ADD, {"task": task, "artifacts": [one("0", uri="again")]})
    assert len(artifacts(read, task)) == MOST


def test_previews_do_not_pile_up_for_ever(
    api: ProtocolClient, task: str, read: Read, settings: Any
) -> None:
    settings.MAX_BODY = 100_000
    preview = {"preview": "x" * 60_000}
    api.data(ADD, {"task": task, "artifacts": [one("a", type_data=preview)]})
    assert api.refused(ADD, {"task": task, "artifacts": [one("b", type_data=preview)]}) == (400, 12)
    assert [a["key"] for a in artifacts(read, task)] == ["a"]


def test_a_deletion_names_the_files(api: ProtocolClient, task: str) -> None:
    api.data(ADD, {"task": task, "artifacts": [WHOLE]})
    deleted = api.data("tasks.delete", {"task": task, "return_file_urls": True})
    assert deleted["urls"]["artifact_urls"] == [WHOLE["uri"]]


def test_there_are_no_models(api: ProtocolClient, task: str) -> None:
    """Task.delete asks for them first."""
    asked = {"task": [task], "only_fields": ["id", "uri"]}
    assert api.data("models.get_all", asked) == {"models": []}


@pytest.mark.django_db(transaction=True)
def test_several_at_once_lose_none(alice: Any, project: Any) -> None:
    api = ProtocolClient(alice)
    made = api.data("tasks.create", {"name": "task", "type": "training", "project": project.uid})
    token = api.token

    def add(number: int) -> None:
        other = ProtocolClient(alice)
        other._token = token
        other.data(ADD, {"task": made["id"], "artifacts": [one(str(number))]})

    at_once(add)
    found = api.data("tasks.get_by_id", {"task": made["id"]})["task"]["execution"]["artifacts"]
    assert sorted(a["key"] for a in found) == [str(number) for number in range(6)]
