"""Many drafts from one experiment, in one go, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from experiments.errors import InvalidField
from experiments.models import ConfigurationObject, Project, QueueEntry, Task
from experiments.operations.documents import Object
from experiments.operations.drafts import make_drafts, undo_drafts
from experiments.operations.parameters import edit_parameters
from experiments.operations.queueing import take_next
from experiments.operations.queues import create_queue
from experiments.rules.document import Item
from tests.factories import actor, make_task

pytestmark = pytest.mark.django_db

LR = ("Args", "lr")
MADE = datetime(2026, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def source(project: Project) -> Task:
    return make_task(
        project,
        name="base",
        parameters={"Args/lr": Item("0.1", "float"), "Args/layers/dim": Item("8", "int")},
        configuration={"data": Object("a = 1", "dictionary")},
        tags=["good"],
    )


def drafts(source: Task, *values: str, **more: object) -> list[Task]:
    made = [{LR: value} for value in values]
    return make_drafts(
        task=source, name="try", values=made, by=actor(source.user), now=MADE, **more
    )


def test_each_has_its_values_and_a_name_that_says_so(source: Task) -> None:
    drafts(source, "0.1", "0.01", parent=source)
    made = Task.objects.filter(created=MADE).order_by("id")
    assert [task.name for task in made] == ["try: lr=0.1", "try: lr=0.01"]
    assert [task.hyperparams["Args"]["lr"] for task in made] == [
        Item("0.1", "float"),
        Item("0.01", "float"),
    ]
    assert all(task.hyperparams["Args"]["layers/dim"] == Item("8", "int") for task in made)
    assert [(task.parent_id, task.tags, task.status) for task in made] == [
        (source.pk, ["good"], "created")
    ] * 2
    objects = ConfigurationObject.objects.filter(task__in=made)
    assert [(found.name, found.value) for found in objects] == [("data", "a = 1")] * 2
    call_command("check_index")


def test_one_draft_keeps_the_name(source: Task) -> None:
    [made] = drafts(source, "0.5")
    assert made.name == "try"


def test_they_can_wait_in_a_queue(source: Task) -> None:
    queue = create_queue(name="gpu", by=actor(source.user))
    made = drafts(source, "1", "2", queue=queue)
    waiting = QueueEntry.objects.order_by("position").values_list("task", flat=True)
    assert list(waiting) == [task.pk for task in made]
    assert {task.status for task in Task.objects.filter(created=MADE)} == {"queued"}


def test_too_many_make_none(source: Task) -> None:
    for values in ([], [{LR: str(n)} for n in range(1001)]):
        with pytest.raises(InvalidField, match="at most 1,000"):
            make_drafts(task=source, name="try", values=values, by=actor(source.user))
    assert Task.objects.count() == 1


def test_copies_of_a_large_object_are_counted(source: Task) -> None:
    changes = {"configuration": {"data": Object("x" * 1_000_000)}}
    with pytest.raises(InvalidField, match="501 MB"):
        drafts(source, *map(str, range(501)), changes=changes)
    assert Task.objects.count() == 1


def test_undo_takes_back_what_nobody_has_touched(source: Task) -> None:
    queue = create_queue(name="gpu", by=actor(source.user))
    first, second, third, _ = drafts(source, "1", "2", "3", "4", queue=queue)
    assert take_next(queue=queue, by=actor(source.user)).task_id == first.pk
    Task.objects.filter(pk=second.pk).update(status="created")
    edit_parameters(task=second, items=[("Args", "lr", Item("9"))], by=actor(source.user))

    undone = undo_drafts(made=MADE, by=actor(source.user))
    assert (undone.deleted, undone.kept) == (2, 2)
    assert set(Task.objects.values_list("pk", flat=True)) == {source.pk, first.pk, second.pk}
    assert not Task.objects.filter(pk=third.pk).exists()
    call_command("check_index")


def test_nobody_undoes_the_drafts_of_others(source: Task, bob: object) -> None:
    drafts(source, "1", "2")
    assert undo_drafts(made=MADE, by=actor(bob)).deleted == 0  # type: ignore[arg-type]
    assert Task.objects.count() == 3
