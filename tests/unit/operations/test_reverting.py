"""Undoing one change, or all since a moment."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.edits import Edit, apply_edits, rename_section
from experiments.operations.locking import unlock_properties
from experiments.operations.parameters import edit_parameters
from experiments.operations.revealing import reveal_value
from experiments.operations.reverting import revert_change, revert_to
from experiments.operations.sections import describe_section
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.queries.changes import last_moment
from experiments.queries.sections import section_facts
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, document_of, make_task
from tests.one_value import remove_value, set_value


@pytest.fixture
def by(alice):
    return actor(alice, via=Via.BROWSER)


@pytest.fixture
def task(project):
    return make_task(
        project,
        parameters={"Args/lr": Item("0.1", "float"), "Args/n": "3", "properties/owner": "amy"},
        configuration={"net": Object("a = 1", "dictionary")},
    )


def stored(task):
    return Task.objects.get(pk=task.pk).hyperparams


def entry(key, index=-1):
    return list(HistoryEntry.objects.filter(key=key).order_by("pk"))[index].pk


def test_a_value_gets_back_what_it_was_and_that_is_an_edit(task, by):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    set_value(task=task, section="Args", name="n", value="4", seen="3", by=by)
    assert revert_change(task=task, entry=entry("Args/lr"), by=by) == 1
    assert stored(task)["Args"] == {"lr": Item("0.1", "float"), "n": Item("4")}
    last = HistoryEntry.objects.last()
    assert (last.key, last.old, last.new) == ("Args/lr", "0.5", "0.1")


def test_what_was_added_goes_and_what_was_removed_comes_back(task, by):
    set_value(task=task, section="Args", name="new", value="1", seen=None, by=by)
    remove_value(task=task, section="Args", name="n", seen="3", by=by)
    revert_change(task=task, entry=entry("Args/new"), by=by)
    revert_change(task=task, entry=entry("Args/n"), by=by)
    assert stored(task)["Args"] == {"lr": Item("0.1", "float"), "n": Item("3")}


def test_the_page_goes_back_to_a_moment(task, by):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    moment = entry("Args/lr")
    before = stored(task)
    seen = Item("0.5", "float")
    apply_edits(task=task, by=by, edits=[
        Edit("Args", "lr", seen, Item("7", "int", "steps"), retypes=True),
        Edit("Args", "n", Item("3"), None),
        Edit("properties", "team", None, Item("x")),
    ])  # fmt: skip
    version = object_version(Object("a = 1", "dictionary"))
    set_object(task=task, name="net", wanted=Object("a = 2", "dictionary"), seen=version, by=by)
    revert_to(task=task, entry=moment, by=by)
    assert stored(task) == before
    assert stored_configuration(task) == {"net": Object("a = 1", "dictionary")}


def test_what_was_removed_comes_back_whole(task, by):
    lr = stored(task)["Args"]["lr"]
    apply_edits(task=task, by=by, edits=[Edit("Args", "lr", lr, None)])
    revert_change(task=task, entry=entry("Args/lr"), by=by)
    assert stored(task)["Args"]["lr"] == Item("0.1", "float")


def test_a_rename_is_one_change_and_is_undone_in_place(task, by):
    lr = stored(task)["Args"]["lr"]
    edit = Edit("Args", "rate", lr, lr._replace(value="0.5"), "lr")
    assert apply_edits(task=task, by=by, edits=[edit]) == 2
    told = HistoryEntry.objects.get(what="name")
    assert (told.key, told.old, told.new) == ("Args/rate", "Args/lr", "Args/rate")
    assert revert_change(task=task, entry=told.pk, by=by) == 1
    assert list(stored(task)["Args"].items()) == [("lr", Item("0.5", "float")), ("n", Item("3"))]
    with pytest.raises(InvalidField, match="no parameter Args/rate any more"):
        revert_change(task=task, entry=entry("Args/rate", 1), by=by)


def test_going_back_over_renamed_sections_takes_their_description_along(task, by):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    moment, before = entry("Args/lr"), stored(task)
    describe_section(task=task, section="Args", description="of the optimiser", by=by)
    assert rename_section(task=task, section="Args", to="Net", by=by) == 1
    n = Item("3")
    apply_edits(task=task, by=by, edits=[
        Edit("Net", "n", Item("0.5", "float"), Item("0.5", "float"), "lr"),
        Edit("Net", "lr", n, n, "n"),
    ])  # fmt: skip
    rename_section(task=task, section="Net", to="Options", by=by)
    assert revert_to(task=task, entry=moment, by=by) == 3, "the section and two names"
    assert stored(task) == before and list(stored(task)["Args"]) == ["lr", "n"]
    assert [row.description for row in section_facts(task).values()] == ["of the optimiser"]
    assert list(section_facts(task)) == ["Args"]
    with pytest.raises(InvalidField, match="there is a parameter Args/lr already"):
        revert_change(task=task, entry=entry("Args/n"), by=by)


def test_type_and_description_of_an_object_are_changes_that_are_undone(task, by):
    net = Object("a = 1", "dictionary")
    seen = object_version(net)
    wanted = Object("a: 1", "yaml", "the network")
    set_object(task=task, name="net", wanted=wanted, seen=seen, by=by)
    whats = HistoryEntry.objects.order_by("pk").values_list("what", "key", "old", "new")
    assert list(whats) == [
        ("configuration", "net", "a = 1", "a: 1"),
        ("object type", "net", "dictionary", "yaml"),
        ("object about", "net", "", "the network"),
    ]
    revert_change(task=task, entry=entry("net", 1), by=by)
    assert stored_configuration(task) == {"net": wanted._replace(type="dictionary")}
    remove_object(
        task=task, name="net", seen=object_version(stored_configuration(task)["net"]), by=by
    )
    with pytest.raises(InvalidField, match="no object net any more"):
        revert_change(task=task, entry=entry("net", 0), by=by)
    revert_change(task=task, entry=entry("net"), by=by)
    assert stored_configuration(task) == {"net": wanted._replace(type="dictionary")}


def test_nothing_that_others_changed_since_is_undone_unseen(task, alice, by):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    looked = last_moment(Task.objects.get(pk=task.pk))
    change = entry("Args/lr")
    set_value(task=task, section="Args", name="n", value="4", seen="3", by=by)
    revert_change(task=task, entry=change, seen=looked, by=by)
    set_value(task=task, section="Args", name="lr", value="0.7", seen="0.1", by=actor(alice))
    for undo in (revert_change, revert_to):
        with pytest.raises(ValueChangedMeanwhile, match="Args/lr"):
            undo(task=task, entry=change, seen=looked, by=by)
    assert stored(task)["Args"]["lr"].value == "0.7"
    revert_change(task=task, entry=change, seen=last_moment(Task.objects.get(pk=task.pk)), by=by)
    assert stored(task)["Args"]["lr"].value == "0.1"


def test_a_value_does_not_come_back_under_a_type_it_does_not_fit(task, by):
    lr = Item("0.1", "float")
    apply_edits(task=task, by=by, edits=[Edit("Args", "lr", lr, Item("fast", "str"), retypes=True)])
    with pytest.raises(InvalidField, match="Args/lr is a number"):
        revert_change(task=task, entry=entry("Args/lr", 1), by=by)
    revert_change(task=task, entry=entry("Args/lr", 0), by=by)
    revert_change(task=task, entry=entry("Args/lr", 1), by=by)
    assert stored(task)["Args"]["lr"] == lr


def test_a_scripts_mass_of_changes_is_undone_and_nothing_else(task, alice, by):
    script = actor(alice, client="s")
    for value in ("1", "2"):
        many = document_of({f"Big/{n}": value for n in range(80)})
        edit_task(task=task, changes={"hyperparams": many}, by=script)
    bulk = entry("*")
    set_value(task=task, section="Big", name="0", value="9", seen="2", by=by)
    set_value(task=task, section="Other", name="mine", value="1", seen=None, by=by)
    revert_change(task=task, entry=bulk, by=by)
    assert {item.value for item in stored(task)["Big"].values()} == {"1"}
    assert stored(task)["Other"] == {"mine": Item("1")}


def test_a_scripts_mass_of_changes_is_undone_at_once(task, alice, by):
    script = actor(alice, client="s")
    many = {f"Big/{n}": str(n) for n in range(80)}
    edit_task(task=task, changes={"hyperparams": document_of(many)}, by=script)
    other = {f"Big/{n}": "0" for n in range(80)}
    edit_task(task=task, changes={"hyperparams": document_of(other)}, by=script)
    set_value(task=task, section="properties", name="owner", value="bo", seen="amy", by=by)
    revert_change(task=task, entry=entry("*"), by=by)
    assert stored(task)["Big"]["79"].value == "79"
    assert stored(task)["properties"]["owner"].value == "bo"


def test_only_what_may_be_edited_is_reverted(task, alice, by):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    set_value(task=task, section="properties", name="owner", value="bo", seen="amy", by=by)
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    with pytest.raises(TaskNotEditable):
        revert_change(task=running, entry=entry("Args/lr"), by=by)
    revert_change(task=running, entry=entry("properties/owner"), by=by)
    assert stored(task)["properties"]["owner"].value == "amy"


def test_entries_of_another_experiment_or_of_no_value_are_refused(task, project, by):
    other = make_task(project, parameters={"Args/lr": "1"})
    set_value(task=other, section="Args", name="lr", value="2", seen="1", by=by)
    reveal_value(task=task, section="properties", name="owner", by=by)
    for pk in (entry("Args/lr"), entry("properties/owner"), 10**9):
        with pytest.raises(InvalidField):
            revert_change(task=task, entry=pk, by=by)
    with pytest.raises(InvalidField):
        revert_to(task=task, entry=entry("Args/lr"), by=by)


def test_a_published_experiments_properties_open_only_when_unlocked(task, alice, by):
    with pytest.raises(InvalidField, match="only a published"):
        unlock_properties(task=task, by=by)
    published = change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(alice))
    items = [("properties", "owner", Item("bo"))]
    with pytest.raises(TaskNotEditable):
        edit_parameters(task=published, items=items, by=by)
    unlock_properties(task=published, by=by)
    unlock_properties(task=published, by=by)
    edit_parameters(task=published, items=items, by=by)
    with pytest.raises(TaskNotEditable):
        edit_parameters(task=published, items=[("Args", "lr", Item("1"))], by=by)
    unlock_properties(task=published, unlocked=False, by=by)
    with pytest.raises(TaskNotEditable):
        edit_parameters(task=published, items=items, by=by)
    locks = HistoryEntry.objects.filter(what="lock").order_by("pk")
    assert [(e.old, e.new) for e in locks] == [("locked", "unlocked"), ("unlocked", "locked")]


def test_objects_are_saved_against_the_version_seen(task, by):
    seen = object_version(Object("a = 1", "dictionary"))
    set_object(task=task, name="net2", seen_name="net", wanted=Object("a = 2"), seen=seen, by=by)
    set_object(task=task, name="more", wanted=Object("x", None, "why"), seen="", by=by)
    assert stored_configuration(task) == {
        "net2": Object("a = 2"), "more": Object("x", None, "why")
    }  # fmt: skip
    with pytest.raises(ValueChangedMeanwhile) as caught:
        set_object(task=task, name="net2", wanted=Object("a = 3"), seen=seen, by=by)
    assert caught.value.current == "a = 2"
    with pytest.raises(InvalidField, match="there is an object more already"):
        set_object(
            task=task, name="more", seen_name="net2", wanted=Object("a"),
            seen=object_version(Object("a = 2")), by=by,
        )  # fmt: skip
    with pytest.raises(ValueChangedMeanwhile):
        remove_object(task=task, name="more", seen="", by=by)
    remove_object(task=task, name="net2", seen=object_version(Object("a = 2")), by=by)
    assert list(stored_configuration(task)) == ["more"]


def test_objects_are_edited_in_drafts_only(task, alice, by):
    running = change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    with pytest.raises(TaskNotEditable):
        set_object(task=running, name="x", wanted=Object("1"), seen="", by=by)
