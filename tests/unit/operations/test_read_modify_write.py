"""The SDK reads a whole dictionary, changes a key and sends it all back."""

from __future__ import annotations

import pytest

from experiments.models import ClientRead, DocumentRevision, HistoryEntry, Task, Via
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.parameters import edit_parameters
from experiments.operations.reads import note_read
from experiments.operations.tasks import edit_task
from experiments.rules.document import Item
from tests.factories import actor, document_of, make_task
from tests.one_value import set_value


@pytest.fixture
def script(alice):
    return actor(alice, client="script")


@pytest.fixture
def other(alice):
    return actor(alice, client="other")


@pytest.fixture
def browser(alice):
    return actor(alice, via=Via.BROWSER)


@pytest.fixture
def task(project, script):
    found = make_task(project)
    edit_task(
        task=found,
        by=script,
        changes={
            "hyperparams": document_of({"Args/lr": "0.1", "Args/seed": "1"}),
            "configuration": {"net": Object("a = 1")},
            "runtime": {"progress": "0"},
        },
    )
    return found


def values(task):
    stored = Task.objects.get(pk=task.pk).hyperparams
    return {f"{s}/{n}": item.value for s, items in stored.items() for n, item in items.items()}


def send(task, by, parameters):
    edit_task(task=task, changes={"hyperparams": document_of(parameters)}, force=True, by=by)


def test_an_edit_in_between_survives(task, script, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    send(task, script, {"Args/lr": "0.1", "Args/seed": "2"})
    assert values(task) == {"Args/lr": "0.5", "Args/seed": "2"}


def test_what_the_script_changed_itself_wins_and_history_keeps_both(task, script, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    send(task, script, {"Args/lr": "0.7", "Args/seed": "1"})
    assert values(task) == {"Args/lr": "0.7", "Args/seed": "1"}
    entries = HistoryEntry.objects.filter(task=task, key="Args/lr").order_by("id")
    assert [(e.old, e.new, e.via) for e in entries] == [
        ("0.1", "0.5", "browser"),
        ("0.5", "0.7", "sdk"),
    ]


def test_a_removal_in_between_is_not_undone(task, script, browser):
    edit_parameters(task=task, items=[("Args", "lr", Item("9"))], replace="all", by=browser)
    send(task, script, {"Args/lr": "0.1", "Args/seed": "1", "Args/new": "x"})
    assert values(task) == {"Args/lr": "9", "Args/new": "x"}


def test_a_removal_by_the_script_is_meant(task, script, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    send(task, script, {"Args/lr": "0.1"})
    assert values(task) == {"Args/lr": "0.5"}


def test_once_it_has_read_again_it_means_what_it_sends(task, script, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    note_read(task=Task.objects.get(pk=task.pk), by=script)
    send(task, script, {"Args/lr": "0.1", "Args/seed": "1"})
    assert values(task) == {"Args/lr": "0.1", "Args/seed": "1"}


def test_two_scripts_do_not_undo_each_other(task, script, other):
    note_read(task=Task.objects.get(pk=task.pk), by=other)
    for step in range(3):
        send(task, script, {"Args/lr": f"0.{step}", "Args/seed": "1"})
    send(task, other, {"Args/lr": "0.1", "Args/seed": "77"})
    assert values(task) == {"Args/lr": "0.2", "Args/seed": "77"}
    send(task, script, {"Args/lr": "0.9", "Args/seed": "1"})
    assert values(task) == {"Args/lr": "0.9", "Args/seed": "77"}


def test_configuration_and_runtime_are_merged_too(task, script, other):
    edit_task(
        task=task,
        force=True,
        by=other,
        changes={
            "configuration": {"net": Object("a = 1"), "mine": Object("x")},
            "runtime": {"progress": "0", "gpu": "A100"},
        },
    )
    edit_task(
        task=task,
        force=True,
        by=script,
        changes={
            "configuration": {"net": Object("a = 2")},
            "runtime": {"progress": "50"},
        },
    )
    assert stored_configuration(task) == {"net": Object("a = 2"), "mine": Object("x")}
    assert Task.objects.get(pk=task.pk).runtime == {"progress": "50", "gpu": "A100"}


def test_user_properties_never_vanish(task, script, browser):
    set_value(task=task, section="properties", name="owner", value="amy", seen=None, by=browser)
    send(task, script, {"General/a": "1"})
    edit_task(task=task, changes={"hyperparams": {}}, force=True, by=script)
    assert values(task) == {"properties/owner": "amy"}


def test_a_script_alone_with_its_task_leaves_no_notes(task, script):
    for step in range(5):
        note_read(task=Task.objects.get(pk=task.pk), by=script)
        send(task, script, {"Args/lr": str(step)})
    assert not ClientRead.objects.exists()
    assert not DocumentRevision.objects.exists()


def test_notes_nobody_needs_any_more_are_removed(task, script, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    assert DocumentRevision.objects.count() == 1
    send(task, script, {"Args/lr": "0.1", "Args/seed": "2"})
    assert not ClientRead.objects.exists()
    assert not DocumentRevision.objects.exists()


def test_a_write_between_the_reading_and_its_note_survives(task, other, browser):
    """The reply is made from the row that was read, whatever happens before it is noted."""
    read = Task.objects.get(pk=task.pk)
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    note_read(task=read, by=other)
    send(task, other, {"Args/lr": "0.1", "Args/seed": "2"})
    assert values(task) == {"Args/lr": "0.5", "Args/seed": "2"}
