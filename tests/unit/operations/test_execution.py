"""How a draft is run, edited by people: nothing unseen is overwritten, nothing unknown lost."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import HistoryEntry, Project, Task, Via
from experiments.operations.execution import ExecutionChangedMeanwhile, set_execution
from experiments.operations.reverting import revert_change, revert_to
from experiments.operations.tasks import edit_task
from experiments.rules.execution import FIELDS, read_field, version
from experiments.rules.status import Status
from tests.factories import actor, make_task

SCRIPT = {
    "repository": "https://example.org/a.git",
    "branch": "main",
    "diff": "--- a/x\r\n+++ b/x\r\n",
    "requirements": {"pip": ["numpy == 1.0", "torch"], "conda": "kept"},
    "of its own": {"deep": 1},
}
CONTAINER = {"image": "python:3.11", "of its own": True}


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, script=SCRIPT, container=CONTAINER, output={"error": "kept"})


def seen_of(task: Task, *fields: str) -> dict[str, str]:
    """What a form carries that is opened now."""
    found = Task.objects.get(pk=task.pk)
    parts = {"script": found.script, "container": found.container, "output": found.output}
    return {field: version(read_field(parts, field)) for field in fields or FIELDS}


def save(task: Task, changes: dict[str, str], seen: dict[str, str] | None = None) -> int:
    seen = seen_of(task) if seen is None else seen
    return set_execution(task=task, changes=changes, seen=seen, by=actor(task.user, Via.BROWSER))


def entries(task: Task) -> list[tuple[str, str, str | None, str | None]]:
    rows = HistoryEntry.objects.filter(task=task).order_by("id")
    return list(rows.values_list("what", "key", "old", "new"))


def test_it_saves_with_history_and_keeps_what_it_does_not_know(task: Task) -> None:
    changes = {
        "script.branch": "dev",
        "script.requirements.pip": "numpy == 2.0",
        "container.image": "python:3.12",
        "output.destination": "s3://bucket",
    }
    assert save(task, changes) == 4
    task.refresh_from_db()
    requirements = {"pip": "numpy == 2.0", "conda": "kept"}
    assert task.script == SCRIPT | {"branch": "dev", "requirements": requirements}
    assert task.container == {"image": "python:3.12", "of its own": True}
    assert task.output == {"error": "kept", "destination": "s3://bucket"}
    assert entries(task) == [
        ("execution", "script.branch", "main", "dev"),
        ("execution", "script.requirements.pip", "numpy == 1.0\ntorch", "numpy == 2.0"),
        ("execution", "container.image", "python:3.11", "python:3.12"),
        ("execution", "output.destination", None, "s3://bucket"),
    ]


def test_what_is_not_changed_is_not_touched(task: Task) -> None:
    before = task.last_change
    unchanged = {"script.branch": "main", "script.requirements.pip": "numpy == 1.0\ntorch",
                 "script.tag": "", "script.diff": SCRIPT["diff"]}  # fmt: skip
    assert save(task, unchanged) == 0
    task.refresh_from_db()
    assert (task.script, task.last_change, entries(task)) == (SCRIPT, before, [])


def test_nothing_is_overwritten_unseen_and_every_conflict_is_told(task: Task) -> None:
    seen = seen_of(task)
    other = {"script": {"branch": "theirs", "tag": "v1"}}
    edit_task(task=task, changes=other, by=actor(task.user))
    mine = {"script.branch": "mine", "script.tag": "v2", "container.image": "mine"}
    with pytest.raises(ExecutionChangedMeanwhile) as refusal:
        save(task, mine, seen)
    assert refusal.value.found == {"script.branch": "theirs", "script.tag": "v1"}
    task.refresh_from_db()
    assert task.script == SCRIPT | other["script"]
    assert task.container == CONTAINER


def test_different_fields_merge_and_the_same_change_is_no_conflict(task: Task) -> None:
    seen = seen_of(task)
    edit_task(task=task, changes={"script": {"branch": "both"}}, by=actor(task.user))
    assert save(task, {"script.branch": "both", "script.tag": "v2"}, seen) == 1
    task.refresh_from_db()
    assert (task.script["branch"], task.script["tag"]) == ("both", "v2")


def test_without_what_was_seen_nothing_is_overwritten(task: Task) -> None:
    with pytest.raises(ExecutionChangedMeanwhile):
        save(task, {"script.branch": "dev"}, {})


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CREATED])
def test_only_drafts_are_edited(task: Task, status: Status) -> None:
    Task.objects.filter(pk=task.pk).update(status=status)
    with pytest.raises(TaskNotEditable):
        save(task, {"script.branch": "dev"})
    task.refresh_from_db()
    assert task.script == SCRIPT


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("script.branch", "a\nb"),
        ("script.repository", "a\rb"),
        ("script.diff", "nul\0"),
        ("container.image", "half \ud800"),
        ("script.of its own", "x"),
        ("hyperparams.Args", "x"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(task: Task, field: str, text: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        save(task, {"script.tag": "v1", field: text})
    assert refusal.value.field == field
    task.refresh_from_db()
    assert (task.script, entries(task)) == (SCRIPT, [])


@pytest.mark.parametrize("requirements", [None, "torch", ["torch"], 3, {"pip": None}, {}])
def test_packages_can_be_given_whatever_was_there(task: Task, requirements: Any) -> None:
    Task.objects.filter(pk=task.pk).update(script={"requirements": requirements})
    assert save(task, {"script.requirements.pip": "numpy"}) == 1
    task.refresh_from_db()
    assert task.script["requirements"]["pip"] == "numpy"


def test_one_change_is_reverted(task: Task) -> None:
    save(task, {"script.branch": "dev", "output.destination": "s3://bucket"})
    first, second = HistoryEntry.objects.filter(task=task).order_by("id")
    by = actor(task.user, Via.BROWSER)
    assert revert_change(task=task, entry=first.pk, by=by) == 1
    assert revert_change(task=task, entry=second.pk, by=by) == 1
    task.refresh_from_db()
    assert (task.script, task.output) == (SCRIPT, {"error": "kept"})
    assert entries(task)[2:] == [
        ("execution", "script.branch", "dev", "main"),
        ("execution", "output.destination", "s3://bucket", None),
    ]


def test_everything_since_a_moment_is_reverted(task: Task) -> None:
    for branch in ("one", "two", "three"):
        save(task, {"script.branch": branch})
    first = HistoryEntry.objects.filter(task=task).order_by("id")[0]
    by = actor(task.user, Via.BROWSER)
    assert revert_to(task=task, entry=first.pk, by=by) == 1
    task.refresh_from_db()
    assert task.script["branch"] == "one"


def test_it_is_reverted_in_drafts_only(task: Task) -> None:
    save(task, {"script.branch": "dev"})
    Task.objects.filter(pk=task.pk).update(status=Status.COMPLETED)
    entry = HistoryEntry.objects.get(task=task)
    with pytest.raises(TaskNotEditable):
        revert_change(task=task, entry=entry.pk, by=actor(task.user, Via.BROWSER))
