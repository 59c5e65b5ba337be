"""Forms of many rows against a naive model: swaps, rings, renames onto each other."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.document import Item
from experiments.rules.edits import Edit, edited
from tests.unit.rules.naive_edits import forms, naively_edited


def in_order(document):
    return [(section, list(items.items())) for section, items in document.items() if items]


@given(forms())
def test_a_form_does_what_it_says_or_nothing(form):
    document, edits = form
    before = in_order(document)
    expected = naively_edited(document, edits)
    outcome = edited(document, edits)
    assert in_order(document) == before
    assert in_order(outcome.document) == (before if expected is None else in_order(expected))
    assert (expected is None) == bool(outcome.refusals)


@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(form, chance: random.Random):
    document, edits = form
    shuffled = chance.sample(edits, len(edits))
    one, other = edited(document, edits), edited(document, shuffled)
    assert one.document == other.document
    assert bool(one.refusals) == bool(other.refusals)


def test_rows_are_found_at_once_however_many_there_are():
    """Five thousand renames in a ring; looking each up in a list took seconds."""
    document = {"A": {f"p{n}": Item(str(n)) for n in range(5_000)}}
    edits = [
        Edit("A", f"p{(n + 1) % 5_000}", Item(str(n)), Item(str(n)), f"p{n}") for n in range(5_000)
    ]
    outcome = edited(document, edits)
    assert not outcome.refusals
    assert list(outcome.document["A"].items())[:2] == [("p1", Item("0")), ("p2", Item("1"))]
