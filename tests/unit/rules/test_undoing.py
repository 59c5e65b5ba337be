"""Whatever forms did to a document, the history leads back, to the start and to each moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.differences import Change, differing, parameter_changes
from experiments.rules.document import Item, dumps
from experiments.rules.edits import Edit, edited
from experiments.rules.undoing import Undoing
from tests.unit.rules.naive_edits import NAMES, SECTIONS, documents, items


def told(before, after, renames):
    return list(parameter_changes(before, after, list(differing(before, after)), renames))


@st.composite
def lives(draw):
    """A document, and what up to five writes made of it, each with its history."""
    states = [draw(documents)]
    writes = []
    for _ in range(draw(st.integers(1, 5))):
        before = states[-1]
        after, renames = draw(st.sampled_from((_form, _section_renamed)))(draw, before)
        states.append({section: rows for section, rows in after.items() if rows})
        writes.append(told(before, states[-1], renames))
    return states, writes


def _form(draw, document):
    edits = []
    for section, rows in document.items():
        names = draw(st.permutations(NAMES))
        for name, found in rows.items():
            new_name = draw(st.sampled_from((name, names[NAMES.index(name)])))
            wanted = draw(st.one_of(st.none(), st.just(found), items))
            edits.append(Edit(section, new_name, found, wanted, name, retypes=True))
    new = draw(st.lists(st.tuples(st.sampled_from(SECTIONS), st.sampled_from(NAMES)), max_size=2))
    edits += [Edit(section, name, None, draw(items)) for section, name in new]
    outcome = edited(document, edits)
    return outcome.document, outcome.renames


def _section_renamed(draw, document):
    free = [name for name in ("A", "B", "C") if name not in document]
    given = [name for name in document if name != "properties"]
    if not free or not given:
        return document, {}
    section, to = draw(st.sampled_from(given)), draw(st.sampled_from(free))
    after = {to if name == section else name: rows for name, rows in document.items()}
    return after, {(to, name): (section, name) for name in document[section]}


def without_empty(document):
    return {section: rows for section, rows in document.items() if rows}


@given(lives())
def test_every_moment_can_be_gone_back_to(life):
    states, writes = life
    undoing = Undoing(states[-1])
    for state, write in zip(states[-2::-1], reversed(writes), strict=True):
        undoing.undo(write)
        assert without_empty(undoing.document()) == state


@given(lives())
def test_going_back_is_a_write_that_can_be_undone_too(life):
    states, writes = life
    back = Undoing(states[-1])
    for write in reversed(writes):
        back.undo(write)
    again = Undoing(without_empty(back.document()))
    again.undo(told(states[-1], without_empty(back.document()), back.renames()))
    assert without_empty(again.document()) == states[-1]


DOCUMENT = {"Args": {"a": Item("1", "int"), "b": Item("2")}}


def test_a_removed_parameter_comes_back_whole():
    removal = told({"Args": {"x": Item("1", "int", "steps")}}, {}, {})
    assert removal == [Change("parameters", "Args/x", "1", None, ["int", "steps"])]
    undoing = Undoing(DOCUMENT)
    undoing.undo(removal)
    assert undoing.document()["Args"]["x"] == Item("1", "int", "steps")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Change("parameters", "Args/gone", "1", "2"), "no parameter Args/gone any more"),
        (Change("type", "Args/gone", "int", "str"), "no parameter Args/gone any more"),
        (Change("name", "Args/gone", "Args/c", "Args/gone"), "no parameter Args/gone any more"),
        (Change("name", "Args/b", "Args/a", "Args/b"), "a parameter Args/a already"),
        (Change("section name", "Net", "Args", "Net"), "no section Net any more"),
        (Change("section name", "Args", "Args", "Args"), ""),
    ],
)
def test_one_change_alone_says_why_it_cannot_be_undone(entry, why):
    undoing = Undoing(DOCUMENT, strict=True)
    if not why:
        undoing.undo([entry])
        assert undoing.document() == DOCUMENT
        return
    with pytest.raises(InvalidField, match=why):
        undoing.undo([entry])


def test_a_mass_of_changes_gives_back_the_values_and_takes_nothing_away():
    undoing = Undoing({**DOCUMENT, "New": {"x": Item("1")}})
    before = {"Args": {"a": Item("0", "int"), "old": Item("z")}}
    undoing.undo([Change("parameters", "*", dumps(before), None)])
    assert undoing.document() == {
        "Args": {"a": Item("0", "int"), "b": Item("2"), "old": Item("z")},
        "New": {"x": Item("1")},
    }
