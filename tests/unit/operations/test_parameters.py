"""Edits of values: rights, types, versions, history."""

from __future__ import annotations

import pytest

from experiments.errors import (
    ConflictingFields,
    TaskNotEditable,
)
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import EditsRefused
from experiments.operations.parameters import delete_parameters, edit_parameters
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_task
from tests.one_value import remove_value, set_value


@pytest.fixture
def browser(alice):
    return actor(alice, via=Via.BROWSER)


@pytest.fixture
def task(project):
    return make_task(
        project,
        parameters={
            "Args/lr": Item("0.1", "float", "learning rate"),
            "Args/n": "3",
            "Net/dim": "8",
            "properties/owner": "amy",
        },
    )


def stored(task):
    return Task.objects.get(pk=task.pk).hyperparams


def in_status(task, status, alice):
    return change_status(task=task, to=status, force=True, by=actor(alice))


def test_an_edit_keeps_type_description_and_place(task, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    assert list(stored(task)["Args"].items()) == [
        ("lr", Item("0.5", "float", "learning rate")),
        ("n", Item("3")),
    ]
    entry = HistoryEntry.objects.get()
    assert (entry.what, entry.key, entry.old, entry.new, entry.via) == (
        "parameters",
        "Args/lr",
        "0.1",
        "0.5",
        "browser",
    )


def test_a_stale_edit_is_refused_with_the_value_found(task, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    with pytest.raises(EditsRefused) as caught:
        set_value(task=task, section="Args", name="lr", value="0.9", seen="0.1", by=browser)
    assert caught.value.refusals[0].current.value == "0.5" and caught.value.code == 409
    assert stored(task)["Args"]["lr"].value == "0.5"


def test_edits_of_different_values_do_not_meet(task, browser):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=browser)
    set_value(task=task, section="Args", name="n", value="4", seen="3", by=browser)
    assert [item.value for item in stored(task)["Args"].values()] == ["0.5", "4"]


def test_adding_what_somebody_else_added_is_refused(task, browser):
    set_value(task=task, section="properties", name="team", value="a", seen=None, by=browser)
    with pytest.raises(EditsRefused):
        set_value(task=task, section="properties", name="team", value="b", seen=None, by=browser)


def test_a_text_that_does_not_fit_the_type_is_refused(task, browser):
    with pytest.raises(EditsRefused, match=r"Args/lr is a number, .*\(type float\)") as caught:
        set_value(task=task, section="Args", name="lr", value="fast", seen="0.1", by=browser)
    assert caught.value.field == "value"


@pytest.mark.parametrize("status", [s for s in Status if s != Status.CREATED])
def test_hyperparameters_are_edited_in_drafts_only(task, browser, alice, status):
    found = in_status(task, status, alice)
    with pytest.raises(TaskNotEditable):
        set_value(task=found, section="Args", name="lr", value="1", seen="0.1", by=browser)
    with pytest.raises(TaskNotEditable):
        edit_parameters(task=found, items=[("Args", "lr", Item("1"))], by=browser)


@pytest.mark.parametrize("status", list(Status))
def test_user_properties_are_edited_until_publication(task, browser, alice, status):
    found = in_status(task, status, alice)
    locked = status in {Status.PUBLISHED, Status.PUBLISHING}
    if locked:
        with pytest.raises(TaskNotEditable, match="read-only"):
            edit_parameters(task=found, items=[("Properties", "owner", Item("bo"))], by=browser)
    else:
        edit_parameters(task=found, items=[("Properties", "owner", Item("bo"))], by=browser)
    assert stored(task)["properties"]["owner"].value == ("amy" if locked else "bo")


def test_an_edit_of_properties_is_no_sign_of_life(task, browser):
    set_value(task=task, section="properties", name="owner", value="bo", seen="amy", by=browser)
    found = Task.objects.get(pk=task.pk)
    assert found.last_update == NOW and found.last_change > NOW


@pytest.mark.parametrize(
    ("replace", "left"),
    [
        ("none", {"Args": ["lr", "n"], "Net": ["dim"], "properties": ["owner"]}),
        ("section", {"Args": ["n"], "Net": ["dim"], "properties": ["owner"]}),
        ("all", {"Args": ["n"], "properties": ["owner"]}),
    ],
)
def test_replacing(task, alice, replace, left):
    edit_parameters(task=task, items=[("Args", "n", Item("9"))], replace=replace, by=actor(alice))
    assert {section: list(items) for section, items in stored(task).items()} == left
    assert stored(task)["Args"]["n"].value == "9"


def test_deleting_by_name_and_by_section(task, alice):
    assert (
        delete_parameters(task=task, targets=[("Args", "lr"), ("Args", "gone")], by=actor(alice))
        == 1
    )
    assert delete_parameters(task=task, targets=[("Net", None)], by=actor(alice)) == 1
    assert stored(task) == {"Args": {"n": Item("3")}, "properties": {"owner": Item("amy")}}


def test_a_section_and_its_parameter_cannot_both_be_deleted(task, alice):
    with pytest.raises(ConflictingFields):
        delete_parameters(task=task, targets=[("Net", None), ("Net", "dim")], by=actor(alice))


def test_removing_a_value_somebody_changed_is_refused(task, browser):
    with pytest.raises(EditsRefused):
        remove_value(task=task, section="properties", name="owner", seen="bo", by=browser)
    remove_value(task=task, section="properties", name="owner", seen="amy", by=browser)
    assert "properties" not in stored(task)


def test_what_a_script_repeats_is_one_entry(task, alice):
    script = actor(alice, client="s")
    for value in ("4", "5", "6"):
        edit_parameters(task=task, items=[("Args", "n", Item(value))], force=True, by=script)
    assert [(e.old, e.new) for e in HistoryEntry.objects.all()] == [("3", "6")]


def test_what_a_script_sets_first_is_the_original(task, alice):
    items = [("Args", f"p{n}", Item(str(n))) for n in range(500)]
    edit_parameters(task=task, items=items, by=actor(alice))
    assert not HistoryEntry.objects.exists()


def test_a_mass_of_changes_is_one_entry_that_keeps_the_document(task, alice):
    script = actor(alice)
    edit_parameters(task=task, items=[("Big", str(n), Item("1")) for n in range(99)], by=script)
    edit_parameters(task=task, items=[("Big", str(n), Item("2")) for n in range(99)], by=script)
    entry = HistoryEntry.objects.get()
    assert entry.key == "*" and '"98":"1"' in entry.old


def test_a_change_of_type_alone_is_history_too(task, browser):
    edit_parameters(task=task, items=[("Args", "n", Item("3", "int"))], by=browser)
    entry = HistoryEntry.objects.get()
    assert (entry.what, entry.old, entry.new) == ("type", "", "int")
