"""Cloning, moving, deleting and validating tasks by the protocol."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.models import (
    HistoryEntry,
    IndexedNumber,
    ParameterSection,
    Project,
    Task,
)
from experiments.operations.sections import describe_section
from tests.factories import actor, make_project, make_task
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(api: ProtocolClient, project: Project) -> Task:
    task = make_task(
        project,
        name="source",
        parameters={"Args/lr": "0.1", "properties/owner": "amy"},
        comment="a note",
        tags=["good"],
        system_tags=["development", "archived", "own"],
        script={"diff": "print(1)", "entry_point": "a.py"},
        execution={
            "queue": "x",
            "docker_cmd": "img",
            "artifacts": [
                {"key": "in", "mode": "input", "uri": "s3://in"},
                {"key": "out", "mode": "output", "uri": "s3://out"},
            ],
        },
        output={"destination": "s3://results", "error": "no"},
        models={"input": [{"name": "base", "model": "1"}], "output": [{"name": "o", "model": "2"}]},
    )
    describe_section(task=task, section="Args", description="what they mean", by=actor(task.user))
    api.data("events.add", {
        "type": "training_stats_scalar", "task": task.uid, "metric": "loss", "variant": "x",
        "iter": 1, "value": 0.5, "timestamp": 1_700_000_000_000,
    })  # fmt: skip
    api.data(
        "tasks.edit",
        {
            "task": task.uid,
            "force": True,
            "configuration": {"data": {"name": "data", "value": "a"}},
        },
    )
    return Task.objects.get(pk=task.pk)


def clone(api: ProtocolClient, source: Task, **changes: Any) -> dict[str, Any]:
    reply = api.data("tasks.clone", {"task": source.uid, **changes})
    return api.data("tasks.get_by_id", {"task": reply["id"]})["task"]


def test_a_clone_takes_the_configuration_and_leaves_the_outputs(
    api: ProtocolClient, source: Task
) -> None:
    made = clone(api, source)
    assert made["name"] == "Clone of source"
    assert made["status"] == "created"
    assert made["parent"] == source.uid
    assert made["project"] == source.project.uid
    assert (made["comment"], made["tags"], made["system_tags"]) == ("a note", ["good"], ["own"])
    assert made["script"] == {"diff": "print(1)", "entry_point": "a.py"}
    assert made["hyperparams"]["Args"]["lr"]["value"] == "0.1"
    assert made["hyperparams"]["properties"]["owner"]["value"] == "amy"
    assert made["configuration"]["data"]["value"] == "a"
    assert made["execution"]["docker_cmd"] == "img"
    assert "queue" not in made["execution"]
    assert [artifact["key"] for artifact in made["execution"]["artifacts"]] == ["in"]
    assert made["output"] == {"destination": "s3://results"}
    assert made["models"] == {"input": [{"name": "base", "model": "1"}], "output": []}
    assert made["last_metrics"] == {}
    assert made["started"] is None
    of_clone = ParameterSection.objects.get(task__uid=made["id"])
    assert (of_clone.name, of_clone.description) == ("Args", "what they mean")


def test_what_is_given_replaces_what_is_copied(api: ProtocolClient, source: Task) -> None:
    made = clone(
        api,
        source,
        new_task_name="with lr",
        new_task_comment="",
        new_task_tags=["new"],
        new_task_hyperparams={"Args": {"lr": {"section": "Args", "name": "lr", "value": "0.2"}}},
        new_task_configuration={"data": {"name": "data", "value": "b"}},
        new_task_container={"image": "python:3.12"},
        new_task_input_models=[{"name": "other", "model": "3"}],
        execution_overrides={"model_labels": {"cat": 1}},
    )
    assert (made["name"], made["comment"], made["tags"]) == ("with lr", "", ["new"])
    assert made["hyperparams"]["Args"]["lr"]["value"] == "0.2"
    assert made["configuration"]["data"]["value"] == "b"
    assert made["container"] == {"image": "python:3.12"}
    assert made["models"]["input"] == [{"name": "other", "model": "3"}]
    assert made["execution"]["model_labels"] == {"cat": 1}
    assert made["execution"]["docker_cmd"] == "img"


def test_a_clone_of_a_clone_is_its_sibling_unless_told(api: ProtocolClient, source: Task) -> None:
    first = clone(api, source)
    child = Task.objects.get(uid=first["id"])
    assert clone(api, child)["parent"] == source.uid
    assert clone(api, child, new_task_parent=child.uid)["parent"] == child.uid


def test_a_clone_in_a_new_project(api: ProtocolClient, source: Task) -> None:
    body = {"task": source.uid, "new_project_name": "vision/tuned"}
    reply = api.data("tasks.clone", body)
    assert reply["new_project"]["name"] == "vision/tuned"
    assert Task.objects.get(uid=reply["id"]).project.name == "vision/tuned"
    assert api.data("tasks.clone", body)["new_project"] == reply["new_project"]


def test_a_viewer_clones_only_into_what_is_theirs(
    bob_api: ProtocolClient, charlie_api: ProtocolClient, source: Task
) -> None:
    own = make_project("bobs", owner=bob_api.user)
    assert bob_api.refused("tasks.clone", {"task": source.uid}) == (403, 21)
    reply = bob_api.data("tasks.clone", {"task": source.uid, "new_task_project": own.uid})
    assert Task.objects.get(uid=reply["id"]).user == bob_api.user
    assert charlie_api.refused("tasks.clone", {"task": source.uid}) == (400, 101)


def test_deleting_takes_everything_along(api: ProtocolClient, source: Task) -> None:
    child = clone(api, source)
    reply = api.data("tasks.delete", {"task": source.uid, "return_file_urls": True})
    assert (reply["deleted"], reply["updated_children"]) == (True, 1)
    assert reply["urls"]["artifact_urls"] == ["s3://in", "s3://out"]
    assert not Task.objects.filter(pk=source.pk).exists()
    assert not IndexedNumber.objects.filter(task=source.pk).exists()
    assert not HistoryEntry.objects.filter(task=source.pk).exists()
    assert api.data("tasks.get_by_id", {"task": child["id"]})["task"]["parent"] is None
    assert api.refused("tasks.get_by_id", {"task": source.uid}) == (400, 101)


@pytest.mark.parametrize("status", ["queued", "in_progress", "published"])
def test_what_runs_or_is_published_is_deleted_only_by_force(
    api: ProtocolClient, source: Task, status: str
) -> None:
    Task.objects.filter(pk=source.pk).update(status=status)
    assert api.refused("tasks.delete", {"task": source.uid}) == (400, 110)
    assert api.data("tasks.delete", {"task": source.uid, "force": True})["deleted"] is True


def test_deleting_many_tells_which_failed(api: ProtocolClient, source: Task) -> None:
    reply = api.data("tasks.delete_many", {"ids": [source.uid, "f" * 32]})
    assert [each["id"] for each in reply["succeeded"]] == [source.uid]
    assert [each["error"]["codes"] for each in reply["failed"]] == [[400, 101]]


def test_moving_takes_the_index_along(api: ProtocolClient, project: Project, source: Task) -> None:
    reply = api.data("tasks.move", {"ids": [source.uid], "project_name": "vision/kept"})
    moved = Task.objects.select_related("project").get(pk=source.pk)
    assert (reply["project_id"], moved.project.name) == (moved.project.uid, "vision/kept")
    rows = IndexedNumber.objects.filter(task=source.pk).values_list("project", flat=True)
    assert set(rows) == {moved.project_id}
    assert api.refused("tasks.move", {"ids": [source.uid]}) == (400, 11)
    body = {"ids": [source.uid, "f" * 32], "project": project.uid}
    assert api.refused("tasks.move", body) == (400, 101)
    assert Task.objects.get(pk=source.pk).project_id == moved.project_id, "all or none"


def test_validating_makes_nothing(api: ProtocolClient, project: Project) -> None:
    body = {"name": "a name", "type": "training", "project": project.uid}
    assert api.data("tasks.validate", body) == {}
    assert api.refused("tasks.validate", {**body, "type": "nonsense"}) == (400, 12)
    assert api.refused("tasks.validate", {**body, "name": "x"}) == (400, 12)
    assert not Task.objects.exists()
