"""Forms of many rows: everything is saved, or nothing and every row says why."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import (
    Edit,
    EditsRefused,
    Refusal,
    apply_edits,
    remove_section,
    rename_section,
)
from experiments.operations.parameters import delete_parameters
from experiments.operations.sections import describe_section
from experiments.operations.status import change_status, reset_task
from experiments.queries.sections import section_facts
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.one_value import set_value

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
    assert changed == len(HistoryEntry.objects.all()) == 7


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
    assert list(found) == [0, 1, 2, 3, 4]
    assert found[1].conflict and found[1].current == Item("9", "int")
    assert found[2].retype and "recorded as untyped" in found[2].message
    assert "number" in found[0].message
    assert "NUL" in found[3].message and "empty" in found[4].message
    assert [found[place].field for place in range(5)] == ["value", "value", "type", "value", "name"]


def test_two_parameters_cannot_get_one_name(task, by):
    n, x = Item("3", "int"), Item("a")
    taken = Refusal("there is a parameter Args/n already", field="name")
    rename = Edit("Args", "n", LR, LR, seen_name="lr")
    assert refusals(task, by, rename, Edit("Args", "Net/d", None, Item("1"))) == {0: taken}
    keep = Edit("Args", "n", n, Item("4", "int"))
    assert refusals(task, by, rename, keep) == {0: taken}
    assert refusals(task, by, keep, Edit("Args", "n", None, Item("5"))) == {1: taken}
    other = Edit("Args", "n", x, x, seen_name="x")
    assert refusals(task, by, other, rename, Edit("Args", "n", n, None)) == {1: taken}


def test_of_two_new_rows_with_one_name_the_second_is_refused(task, by):
    new = Edit("Args", "new", None, Item("1"))
    found = refusals(task, by, new, Edit("Args", " new", None, Item("2")))
    assert found == {1: Refusal("there is a parameter Args/new already", field="name")}


def test_what_somebody_else_added_meanwhile_is_a_conflict(task, by):
    found = refusals(task, by, Edit("Args", "n", None, Item("1")))
    assert found[0].conflict and found[0].current == Item("3", "int")


def test_one_row_twice_in_a_form_is_refused(task, by):
    edit = Edit("Args", "x", Item("a"), Item("b"))
    assert refusals(task, by, edit, edit) == {
        1: Refusal("Args/x is in the form twice", field="name")
    }


def test_a_removal_of_what_somebody_changed_is_a_conflict(task, by):
    set_value(task=task, section="Args", name="x", value="b", seen="a", by=by)
    assert refusals(task, by, Edit("Args", "x", Item("a"), None))[0].conflict


def test_names_swap_in_one_form(task, by):
    n, x = Item("3", "int"), Item("a")
    apply_edits(task=task, by=by, edits=[
        Edit("Args", "n", x, x, seen_name="x"),
        Edit("Args", "x", n, n, seen_name="n"),
    ])  # fmt: skip
    assert list(stored(task)["Args"].items()) == [("lr", LR), ("x", n), ("n", x)]


def test_names_move_on_in_a_ring_whatever_the_order_of_the_rows(task, by):
    n, x = Item("3", "int"), Item("a")
    edits = [
        Edit("Args", "lr", x, x, seen_name="x"),
        Edit("Args", "x", n, n, seen_name="n"),
        Edit("Args", "n", LR, Item("0.2", "float"), seen_name="lr"),
    ]
    apply_edits(task=task, by=by, edits=edits)
    ring = [("n", Item("0.2", "float")), ("x", n), ("lr", x)]
    assert list(stored(task)["Args"].items()) == ring
    back = [Edit("Args", name, item, item, seen_name=seen) for name, (seen, item) in
            zip(("lr", "n", "x"), ring, strict=True)]  # fmt: skip
    apply_edits(task=task, by=by, edits=back[::-1])
    assert list(stored(task)["Args"]) == ["lr", "n", "x"]


def test_a_parameter_moves_to_another_section_and_a_name_is_used_again(task, by):
    apply_edits(task=task, by=by, edits=[
        Edit("Net", "lr", None, LR),
        Edit("Args", "lr", None, Item("new")),
        Edit("Args", "lr", LR, None),
        Edit("Net", "d", Item("8"), None),
    ])  # fmt: skip
    assert stored(task) == {
        "Args": {"n": Item("3", "int"), "x": Item("a"), "lr": Item("new")}, "Net": {"lr": LR}
    }  # fmt: skip


def test_a_section_is_renamed_in_its_place(task, by):
    assert rename_section(task=task, section="Args", to="Options", by=by) == 1
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


def test_a_section_goes_with_what_was_said_of_it(task, by):
    describe_section(task=task, section="Net", description="layers", by=by)
    assert remove_section(task=task, section="Net", seen={"d": Item("8")}, by=by) == 1
    assert list(stored(task)) == ["Args"] and section_facts(task) == {}
    with pytest.raises(InvalidField, match="there is no section Net"):
        remove_section(task=task, section="Net", seen={}, by=by)


def test_a_section_that_changed_since_it_was_seen_stays(task, by):
    seen = stored(task)["Args"]
    apply_edits(task=task, by=by, edits=[
        Edit("Args", "x", Item("a"), None),
        Edit("Args", "n", Item("3", "int"), Item("4", "int")),
        Edit("Args", "y", None, Item("1")),
        Edit("Args", "z", None, Item("1")),
    ])  # fmt: skip
    before = stored(task)
    with pytest.raises(ValueChangedMeanwhile) as caught:
        remove_section(task=task, section="Args", seen=seen, by=by)
    assert caught.value.detail == "Args/n, Args/y, Args/z and 1 more"
    assert stored(task) == before


def test_only_drafts_are_edited(task, by, alice):
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    with pytest.raises(TaskNotEditable):
        apply_edits(task=running, by=by, edits=[Edit("Args", "x", Item("a"), Item("b"))])
    with pytest.raises(TaskNotEditable):
        rename_section(task=running, section="Args", to="Options", by=by)
    with pytest.raises(TaskNotEditable):
        remove_section(task=running, section="Net", seen={"d": Item("8")}, by=by)


def test_an_edit_after_the_run_leaves_its_mark_until_the_next_run(task, by, alice):
    apply_edits(task=task, by=by, edits=[Edit("properties", "a", None, Item("1"))])
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    set_value(task=running, section="properties", name="b", value="1", seen=None, by=by)
    assert not Task.objects.get(pk=task.pk).edited_after_run
    ended = change_status(task=running, to=Status.COMPLETED, by=actor(alice))
    set_value(task=ended, section="properties", name="b", value="2", seen="1", by=by)
    assert Task.objects.get(pk=task.pk).edited_after_run
    assert not reset_task(task=ended, by=by).edited_after_run
