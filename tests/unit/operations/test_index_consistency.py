"""Whatever is done, the index says what the documents say."""

from __future__ import annotations

import random

import pytest
from django.core.management import CommandError, call_command

from experiments.models import IndexedNumber, Task
from experiments.operations.documents import locked
from experiments.operations.events import add_events
from experiments.operations.indexing import replace_index, task_entries
from experiments.operations.parameters import delete_parameters, edit_parameters
from experiments.operations.status import reset_task
from experiments.operations.tasks import edit_task
from experiments.queries.indexed import entries_by_task, orphaned_tasks
from experiments.rules.document import Item
from tests.factories import actor, make_project, make_task

VALUES = ("1", "0.5", "True", "text", "", "nan", "inf", "-0.0", "0", "x" * 300, None)


def _do_something(chance, task, projects, by):
    match chance.randrange(6):
        case 0 | 1:
            edit_parameters(
                task=task,
                by=by,
                force=True,
                replace=chance.choice(("none", "section", "all")),
                items=[
                    (
                        chance.choice(("Args", "properties", "Net")),
                        chance.choice("abc"),
                        Item(chance.choice(VALUES), chance.choice((None, "str", "float"))),
                    )
                    for _ in range(3)
                ],
            )
        case 2:
            section = chance.choice(("Args", "properties", "Net"))
            name = chance.choice(("a", "b", None))
            delete_parameters(task=task, targets=[(section, name)], force=True, by=by)
        case 3:
            tags = chance.sample(("a", "b", "archived"), 2)
            changes = {"tags": tags, "system_tags": tags, "project": chance.choice(projects)}
            edit_task(task=task, changes=changes, force=True, by=by)
        case 4:
            reports = [
                {
                    "type": "training_stats_scalar",
                    "task": task.uid,
                    "iter": chance.randrange(50),
                    "metric": chance.choice(("loss", "accuracy")),
                    "variant": "v",
                    "value": chance.choice((0.5, 1, -3.5, float("nan"), float("inf"))),
                }
                for _ in range(4)
            ]
            add_events(events=reports, user_tasks={task.uid: task}, by=by)
        case 5:
            reset_task(task=task, force=True, by=by)


@pytest.mark.parametrize("seed", range(6))
def test_after_every_operation(alice, seed):
    chance = random.Random(seed)
    by = actor(alice)
    projects = [make_project(name, owner=alice) for name in ("one", "two")]
    tasks = [make_task(projects[0], tags=["a"]) for _ in range(3)]
    for _ in range(25):
        task = Task.objects.get(pk=chance.choice(tasks).pk)
        _do_something(chance, task, projects, by)
        task.refresh_from_db()
        assert entries_by_task([task]).get(task.pk, set()) == task_entries(task)
    assert orphaned_tasks() == []
    call_command("check_index", verbosity=0)


def test_no_value_and_an_empty_one_differ_in_the_index_too(project, alice):
    task = make_task(project, parameters={"Args/a": Item(None)})
    edit_parameters(task=task, items=[("Args", "a", Item(""))], by=actor(alice))
    task.refresh_from_db()
    assert task.hyperparams["Args"]["a"] == Item("")
    assert {value for _, value in entries_by_task([task])[task.pk]} == {""}


def test_the_check_finds_and_repairs_what_is_wrong(project, capsys):
    task = make_task(project, parameters={"Args/lr": "0.1", "Args/n": "3"})
    other = make_task(project, parameters={"Args/lr": "0.2"})
    entries = task_entries(task)
    IndexedNumber.objects.filter(task=task.pk, value=0.1).delete()
    replace_index(project.pk, other.pk, set(), {(next(iter(entries))[0], 99.0)})
    replace_index(project.pk + 1, 10_000, set(), {(1, "orphan")})
    with pytest.raises(CommandError, match="3 differences"):
        call_command("check_index")
    call_command("check_index", "--repair")
    call_command("check_index")
    assert "Checked: 0 differences" in capsys.readouterr().out


def test_a_failed_write_leaves_neither_document_nor_index_changed(project, alice, monkeypatch):
    task = make_task(project, parameters={"Args/lr": "0.1"})
    before = task_entries(task)

    def fail(**_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("experiments.operations.history.record_document", fail)
    with pytest.raises(RuntimeError):
        edit_parameters(task=task, items=[("Args", "lr", Item("0.9"))], by=actor(alice))
    task.refresh_from_db()
    assert task.hyperparams["Args"]["lr"] == Item("0.1")
    assert entries_by_task([task])[task.pk] == before


def test_a_task_deleted_meanwhile_is_said_to_be_gone(project):
    from experiments.errors import TaskNotFound

    task = make_task(project)
    Task.objects.filter(pk=task.pk).delete()
    with pytest.raises(TaskNotFound, match="deleted meanwhile"), locked(task):
        pass
