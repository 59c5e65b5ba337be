"""Races for configuration objects and for whole sections."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Via
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.edits import (
    Edit,
    EditsRefused,
    apply_edits,
    remove_section,
    rename_section,
)
from experiments.rules.document import Item
from tests.factories import actor
from tests.racing import fresh_keys  # noqa: F401
from tests.racing_edits import (
    check_whole,
    contested,
    edit_of,
    race,
    refused,
    stored,
    times_in_history,
    value_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(project):
    return contested(project)


def test_two_people_one_object(task, alice, bob):
    for number in range(40):
        seen = object_version(stored_configuration(task).get("net"))
        done = race(*(
            lambda user=user, seen=seen, number=number: set_object(
                task=task, name="net", wanted=Object(f"{user.username}: {number}"), seen=seen,
                by=actor(user, via=Via.BROWSER),
            ) for user in (alice, bob)
        ))  # fmt: skip
        assert sorted(map(refused, done)) == [False, True]
        loser = next(outcome for outcome in done if refused(outcome))
        text = stored_configuration(task)["net"].value
        assert isinstance(loser, ValueChangedMeanwhile) and loser.current == text
        assert times_in_history(task, text) == 1
    assert HistoryEntry.objects.filter(task=task).count() == 40


def test_an_object_is_saved_and_removed(task, alice, bob):
    for number in range(20):
        made = Object(f"old {number}")
        set_object(task=task, name="net", wanted=made, seen="", by=actor(alice, via=Via.BROWSER))
        seen = object_version(made)
        save, removal = race(
            lambda seen=seen, number=number: set_object(
                task=task, name="net", wanted=Object(f"new {number}"), seen=seen,
                by=actor(alice, via=Via.BROWSER),
            ),
            lambda seen=seen: remove_object(
                task=task, name="net", seen=seen, by=actor(bob, via=Via.BROWSER)
            ),
        )  # fmt: skip
        assert refused(save) != refused(removal)
        left = stored_configuration(task)
        assert left == ({} if refused(save) else {"net": Object(f"new {number}")})
        if left:
            remove_object(task=task, name="net", seen=object_version(left["net"]),
                          by=actor(bob, via=Via.BROWSER))  # fmt: skip


def test_a_section_is_renamed_while_another_edits_in_it(task, alice, bob):
    """The edit goes with the section, or finds that its parameter is no longer there."""
    first = task.hyperparams
    names = ["Net", "Layers"]
    for number in range(40):
        old, new = names[number % 2], names[(number + 1) % 2]
        edit, rename = race(
            edit_of(task, actor(alice, via=Via.BROWSER), f"v{number}", old, "depth"),
            lambda old=old, new=new: rename_section(
                task=task, section=old, to=new, by=actor(bob, via=Via.BROWSER)
            ),
        )
        assert not refused(rename) and old not in stored(task).hyperparams
        if refused(edit):
            assert edit.refusals[0].conflict and edit.refusals[0].current is None
        else:
            assert value_of(task, new, "depth") == f"v{number}"
    check_whole(task, first=first)


def test_a_section_is_removed_while_another_edits_in_it(task, alice, bob):
    first = task.hyperparams
    for number in range(30):
        section = f"S{number}"
        seen = {"a": Item("0"), "b": Item("0")}
        new = [Edit(section, name, None, item) for name, item in seen.items()]
        apply_edits(task=task, edits=new, by=actor(alice, via=Via.BROWSER))
        edit, removal = race(
            edit_of(task, actor(alice, via=Via.BROWSER), "1", section, "b"),
            lambda section=section, seen=seen: remove_section(
                task=task, section=section, seen=seen, by=actor(bob, via=Via.BROWSER)
            ),
        )
        assert refused(edit) != refused(removal)
        if refused(removal):
            assert isinstance(removal, ValueChangedMeanwhile)
            assert removal.detail == f"{section}/b"
            assert stored(task).hyperparams[section] == {"a": Item("0"), "b": Item("1")}
        else:
            assert isinstance(edit, EditsRefused)
            assert section not in stored(task).hyperparams
    check_whole(task, first=first)


def test_two_sections_get_one_name(task, alice, bob):
    """Renamed onto each other: one is, the other is told that the name is taken."""
    first = task.hyperparams
    for number in range(20):
        names = [f"A{number}", f"B{number}"]
        new = [Edit(name, "x", None, Item(name)) for name in names]
        apply_edits(task=task, edits=new, by=actor(alice, via=Via.BROWSER))
        done = race(*(
            lambda name=name, number=number, user=user: rename_section(
                task=task, section=name, to=f"C{number}", by=actor(user, via=Via.BROWSER)
            ) for name, user in zip(names, (alice, bob), strict=True)
        ))  # fmt: skip
        assert sorted(map(refused, done)) == [False, True]
        loser = next(outcome for outcome in done if refused(outcome))
        assert isinstance(loser, InvalidField) and "already" in loser.detail
        left = {name for name in stored(task).hyperparams if name.endswith(str(number))}
        assert f"C{number}" in left and len(left & set(names)) == 1
    check_whole(task, first=first)
