"""Forms of many rows: everything is saved, or nothing and every row says why."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import Edit, EditsRefused, apply_edits, rename_section
from experiments.operations.parameters import delete_parameters, set_value
from experiments.operations.sections import describe_section
from experiments.operations.status import change_status, reset_task
from experiments.queries.sections import section_facts
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task

LR = Item("0.1", "float", "learning rate")


@pytest.fixture
def by(alice):
    return actor(alice, via=Via.BROWSER)


@pytest.fixture
def task(project):
    return make_task(
        project, parameters={"Args/lr": LR, "Args/n": Item("3", "int"), "Args/x": "a", "Net/d": "8"}
    )


def stored(task):
    return Task.objects.get(pk=task.pk).hyperparams


def refusals(task, by, *edits):
    before = stored(task)
    with pytest.raises(EditsRefused) as caught:
        apply_edits(task=task, edits=edits, by=by)
    assert stored(task) == before
    return caught.value.refusals


def test_values_names_types_and_descriptions_change_in_one_go(task, by):
    changed = apply_edits(task=task, by=by, edits=[
        Edit("Args", "rate", LR, Item("0.5", "float", "step size"), seen_name="lr"),
        Edit("Args", "n", Item("3", "int"), Item("4.5", "float"), retypes=True),
        Edit("Args", "x", Item("a"), None),
        Edit("Args", "new", None, Item("yes")),
    ])  # fmt: skip
    assert list(stored(task)["Args"].items()) == [
        ("rate", Item("0.5", "float", "step size")),
        ("n", Item("4.5", "float")),
        ("new", Item("yes")),
    ]
    assert changed == len(HistoryEntry.objects.all()) == 6


def test_a_form_merges_with_what_others_changed_elsewhere(task, by):
    set_value(task=task, section="Args", name="n", value="9", seen="3", by=by)
    apply_edits(task=task, by=by, edits=[Edit("Args", "x", Item("a"), Item("b"))])
    assert [item.value for item in stored(task)["Args"].values()] == ["0.1", "9", "b"]


def test_every_row_says_what_is_wrong_with_it(task, by):
    set_value(task=task, section="Args", name="n", value="9", seen="3", by=by)
    found = refusals(
        task, by,
        Edit("Args", "lr", LR, LR._replace(value="fast")),
        Edit("Args", "n", Item("3", "int"), Item("4", "int")),
        Edit("Args", "x", Item("a"), Item("1", "int")),
        Edit("Args", "d", None, Item("\x00")),
        Edit("Args", "", None, Item("1")),
        Edit("Net", "d", Item("8"), Item("16")),
    )  # fmt: skip
    assert list(found) == ["Args/lr", "Args/n", "Args/x", "Args/d", "Args/"]
    assert found["Args/n"].conflict and found["Args/n"].current == Item("9", "int")
    assert found["Args/x"].retype and "recorded as untyped" in found["Args/x"].message
    assert "number" in found["Args/lr"].message
    assert "NUL" in found["Args/d"].message and "empty" in found["Args/"].message


def test_two_parameters_cannot_get_one_name(task, by):
    found = refusals(
        task, by, Edit("Args", "n", LR, LR, seen_name="lr"), Edit("Args", "Net/d", None, Item("1"))
    )
    assert found["Args/lr"].message == "there is a parameter Args/n already"


def test_a_removal_of_what_somebody_changed_is_a_conflict(task, by):
    set_value(task=task, section="Args", name="x", value="b", seen="a", by=by)
    assert refusals(task, by, Edit("Args", "x", Item("a"), None))["Args/x"].conflict


def test_names_swap_in_one_form(task, by):
    n, x = Item("3", "int"), Item("a")
    apply_edits(task=task, by=by, edits=[
        Edit("Args", "spare", n, n, seen_name="n"),
        Edit("Args", "n", x, x, seen_name="x"),
        Edit("Args", "x", n, n, seen_name="spare"),
    ])  # fmt: skip
    assert stored(task)["Args"] == {"lr": LR, "x": n, "n": x}


def test_a_section_is_renamed_in_its_place(task, by):
    assert rename_section(task=task, section="Args", to="Options", by=by) == 6
    assert list(stored(task)) == ["Options", "Net"]
    with pytest.raises(InvalidField, match="there is a section Net already"):
        rename_section(task=task, section="Options", to="Net", by=by)
    with pytest.raises(InvalidField, match="no section Args"):
        rename_section(task=task, section="Args", to="Else", by=by)
    with pytest.raises(InvalidField, match="keep their name"):
        rename_section(task=task, section="Net", to="PROPERTIES", by=by)


def test_what_was_said_of_a_section_goes_with_its_name(task, by):
    for section, words in (("Args", "for the optimiser"), ("Net", "layers")):
        describe_section(task=task, section=section, description=words, by=by)
    delete_parameters(task=task, targets=[("Net", None)], by=by)
    rename_section(task=task, section="Args", to="Net", by=by)
    facts = {row.name: row.description for row in section_facts(task).values()}
    assert facts == {"Net": "for the optimiser"}


def test_only_drafts_are_edited(task, by, alice):
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    with pytest.raises(TaskNotEditable):
        apply_edits(task=running, by=by, edits=[Edit("Args", "x", Item("a"), Item("b"))])
    with pytest.raises(TaskNotEditable):
        rename_section(task=running, section="Args", to="Options", by=by)


def test_an_edit_after_the_run_leaves_its_mark_until_the_next_run(task, by, alice):
    apply_edits(task=task, by=by, edits=[Edit("properties", "a", None, Item("1"))])
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    set_value(task=running, section="properties", name="b", value="1", seen=None, by=by)
    assert not Task.objects.get(pk=task.pk).edited_after_run
    ended = change_status(task=running, to=Status.COMPLETED, by=actor(alice))
    set_value(task=ended, section="properties", name="b", value="2", seen="1", by=by)
    assert Task.objects.get(pk=task.pk).edited_after_run
    assert not reset_task(task=ended, by=by).edited_after_run
