"""tasks.edit and tasks.update."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db


def item(value: str) -> dict[str, str]:
    return {"value": value}


def values(task: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        section: {name: found["value"] for name, found in items.items()}
        for section, items in task["hyperparams"].items()
    }


def test_it_replaces_each_given_field_and_no_other(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    uid = create(comment="old", tags=["a"])
    reply = api.data("tasks.edit", {"task": uid, "comment": "new", "tags": None})
    assert reply == {"updated": 1, "fields": {"comment": "new"}}
    task = read(uid)
    assert (task["comment"], task["tags"], task["name"]) == ("new", ["a"], "a task")


def test_hyperparams_are_replaced_as_a_whole(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    uid = create(hyperparams={"Args": {"a": item("1"), "b": item("2")}})
    api.data("tasks.edit", {"task": uid, "hyperparams": {"General": {"c": item("3")}}})
    assert values(read(uid)) == {"General": {"c": "3"}}
    api.data("tasks.edit", {"task": uid, "hyperparams": {}})
    assert read(uid)["hyperparams"] == {}


def test_user_properties_do_not_vanish(api: ProtocolClient, create: Create, read: Read) -> None:
    uid = create(hyperparams={"properties": {"owner": item("me")}})
    api.data("tasks.edit", {"task": uid, "hyperparams": {"Args": {"a": item("1")}}})
    assert values(read(uid)) == {"Args": {"a": "1"}, "properties": {"owner": "me"}}


def test_any_case_of_properties_means_user_properties(create: Create, read: Read) -> None:
    assert "properties" in read(create(hyperparams={"Properties": {"x": item("1")}}))["hyperparams"]


@pytest.mark.parametrize(
    ("field", "first", "second", "both"),
    [
        ("script", {"branch": "b", "diff": "d"}, {"diff": "e"}, {"branch": "b", "diff": "e"}),
        (
            "models",
            {"input": [{"name": "m"}]},
            {"output": [{"name": "n"}]},
            {"input": [{"name": "m"}], "output": [{"name": "n"}]},
        ),
        ("container", {"image": "i"}, {"arguments": "a"}, {"arguments": "a"}),
        ("runtime", {"a": 1}, {"b": 2}, {"b": 2}),
    ],
)
def test_some_parts_are_merged_one_level_deep(
    api: ProtocolClient, task: str, read: Read, field: str, first: Any, second: Any, both: Any
) -> None:
    for value in (first, second):
        api.data("tasks.edit", {"task": task, field: value})
    assert read(task)[field] == both


def test_execution_keeps_its_artifacts(api: ProtocolClient, task: str, read: Read) -> None:
    artifacts = [{"key": "k", "type": "t", "mode": "output"}]
    api.data("tasks.edit", {"task": task, "execution": {"artifacts": artifacts}})
    api.data("tasks.edit", {"task": task, "execution": {"parameters": {}, "docker_cmd": "x"}})
    execution = read(task)["execution"]
    assert (execution["artifacts"], execution["docker_cmd"]) == (artifacts, "x")


def test_it_moves_to_another_project(api: ProtocolClient, task: str, read: Read) -> None:
    other = api.data("projects.create", {"name": "elsewhere"})["id"]
    reply = api.data("tasks.edit", {"task": task, "project": other})
    assert reply["fields"] == {"project": other}
    assert read(task)["project"] == other


def test_a_parent_is_set_and_taken_away(api: ProtocolClient, create: Create, read: Read) -> None:
    child, parent = create(), create()
    api.data("tasks.edit", {"task": child, "parent": parent})
    assert read(child)["parent"] == parent
    api.data("tasks.edit", {"task": child, "parent": ""})
    assert read(child)["parent"] is None


def test_a_running_task_is_edited_with_force_only(api: ProtocolClient, task: str) -> None:
    api.data("tasks.started", {"task": task})
    body = {"task": task, "hyperparams": {"Args": {"a": item("1")}}}
    assert api.refused("tasks.edit", body) == (400, 110)
    assert api.data("tasks.edit", {**body, "force": True})["updated"] == 1


@pytest.mark.parametrize("force", [True, 1, "true"])
def test_force_is_understood_in_every_spelling(api: ProtocolClient, task: str, force: Any) -> None:
    api.data("tasks.started", {"task": task})
    api.data("tasks.edit", {"task": task, "runtime": {"a": 1}, "force": force})


def test_the_same_edit_again_changes_nothing(api: ProtocolClient, task: str, read: Read) -> None:
    body = {"task": task, "hyperparams": {"Args": {"a": item("1")}}}
    api.data("tasks.edit", body)
    before = read(task)
    api.data("tasks.edit", body)
    assert read(task) == before


def test_old_clients_replace_what_old_clients_wrote(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    uid = create(
        execution={"parameters": {"old": "1"}},
        hyperparams={"Args": {"new": item("2")}},
        configuration={"kept": item("text")},
    )
    api.data(
        "tasks.edit",
        {
            "task": uid,
            "execution": {
                "parameters": {"newer": "3"},
                "model_desc": {"design": "d"},
            },
        },
    )
    assert values(read(uid)) == {"Args": {"new": "2", "newer": "3"}}
    assert read(uid)["configuration"].keys() == {"kept", "design"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"task": None}, (400, 11)),
        ({"task": NOBODY}, (400, 101)),
        ({"name": "ab"}, (400, 12)),
        ({"project": NOBODY}, (400, 401)),
        ({"force": "perhaps"}, (400, 12)),
        ({"runtime": []}, (400, 12)),
    ],
)
def test_it_refuses(
    api: ProtocolClient, task: str, changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert api.refused("tasks.edit", {"task": task, **changes}) == expected


@pytest.mark.parametrize("endpoint", ["tasks.edit", "tasks.update"])
def test_viewers_and_strangers_edit_nothing(
    bob_api: ProtocolClient, charlie_api: ProtocolClient, task: str, endpoint: str
) -> None:
    body = {"task": task, "comment": "mine"}
    assert bob_api.refused(endpoint, body) == (403, 21)
    assert charlie_api.refused(endpoint, body) == (400, 101)


def test_update_changes_what_describes_a_task_in_any_status(
    api: ProtocolClient, task: str, read: Read
) -> None:
    api.data("tasks.started", {"task": task})
    api.data("tasks.update", {"task": task, "name": "renamed", "output__error": "boom"})
    assert (read(task)["name"], read(task)["output"]) == ("renamed", {"error": "boom"})
