from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Project, Task, Via
from experiments.operations.facts import set_facts
from experiments.operations.tasks import edit_task
from tests.factories import actor, make_task

SEEN = {"name": "first", "tags": ["a"], "comment": ""}


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, name="first", tags=["a"])


def save(task: Task, **changes: Any) -> dict[str, Any]:
    return set_facts(task=task, changes=changes, seen=SEEN, by=actor(task.user, Via.BROWSER))


def meanwhile(task: Task, **changes: Any) -> None:
    edit_task(task=task, changes=changes, by=actor(task.user))


def test_it_saves_and_keeps_the_history(task: Task) -> None:
    assert save(task, name="second", tags=["a", "b"]) == {"name": "second", "tags": ["a", "b"]}
    task.refresh_from_db()
    assert (task.name, task.tags) == ("second", ["a", "b"])
    entries = HistoryEntry.objects.order_by("id").values_list("key", "old", "new", "via")
    assert list(entries) == [
        ("name", "first", "second", Via.BROWSER),
        ("tags", "a", "a, b", Via.BROWSER),
    ]


@pytest.mark.parametrize(
    ("other", "mine", "found"),
    [
        ({"name": "theirs"}, {"name": "mine"}, "theirs"),
        ({"tags": ["x", "y"]}, {"tags": ["z"]}, "x\ny"),
        ({"comment": "theirs"}, {"comment": "mine"}, "theirs"),
    ],
)
def test_nothing_is_overwritten_unseen(
    task: Task, other: dict[str, Any], mine: dict[str, Any], found: str
) -> None:
    meanwhile(task, **other)
    with pytest.raises(ValueChangedMeanwhile) as refusal:
        save(task, **mine)
    assert (refusal.value.field, refusal.value.current) == (next(iter(mine)), found)
    task.refresh_from_db()
    assert all(getattr(task, field) == value for field, value in other.items())


def test_a_refusal_of_one_field_saves_none(task: Task) -> None:
    meanwhile(task, comment="theirs")
    with pytest.raises(ValueChangedMeanwhile):
        save(task, name="mine", comment="mine")
    task.refresh_from_db()
    assert task.name == "first"


def test_what_others_changed_elsewhere_stays(task: Task) -> None:
    meanwhile(task, comment="theirs")
    save(task, name="mine")
    task.refresh_from_db()
    assert (task.name, task.comment) == ("mine", "theirs")


def test_the_same_change_twice_is_no_conflict(task: Task) -> None:
    meanwhile(task, name="second")
    assert save(task, name="second") == {}


def test_a_bad_name_is_refused(task: Task) -> None:
    with pytest.raises(InvalidField):
        save(task, name="  ")


def test_a_published_experiment_is_read_only(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(status="published")
    with pytest.raises(TaskNotEditable):
        save(task, name="second")
