"""A whole dictionary that was read some time ago, applied as the difference it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.document import Item
from experiments.rules.merging import merge, same_parameter

dictionaries = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2))


def test_each_side_keeps_what_it_changed():
    base = {"a": 1, "b": 1, "c": 1, "d": 1}
    sent = {"a": 2, "b": 1, "d": 1, "new": 5}  # changed a, removed c, added new
    current = {"a": 1, "b": 9, "c": 1, "other": 7}  # changed b, removed d, added other
    assert merge(base, sent, current) == {"a": 2, "b": 9, "new": 5, "other": 7}


def test_where_both_changed_the_same_the_later_write_wins():
    assert merge({"a": 1}, {"a": 2}, {"a": 3}) == {"a": 2}
    assert merge({"a": 1}, {"a": 2}, {}) == {"a": 2}
    assert merge({"a": 1}, {}, {"a": 3}) == {}


@given(dictionaries, dictionaries)
def test_without_a_change_by_others_what_is_sent_is_stored(base, sent):
    assert merge(base, sent, base) == sent


@given(dictionaries, dictionaries)
def test_who_changes_nothing_takes_nothing_away(base, current):
    assert merge(base, base, current) == current


@given(dictionaries, dictionaries, dictionaries)
def test_every_key_follows_the_one_who_changed_it(base, sent, current):
    merged = merge(base, sent, current)
    for key in "abcdef":
        touched = base.get(key) != sent.get(key)
        assert merged.get(key) == (sent if touched else current).get(key)


@pytest.mark.parametrize(
    ("read", "sent"),
    [
        (Item("amy"), Item("amy")),
        (Item("amy"), Item("amy", "str", "")),  # as the SDK completes it
        (Item("1", "int", "of steps"), Item("1", "int", "of steps")),
        (Item(None), Item("")),
    ],
)
def test_what_the_sdk_fills_in_is_no_change(read, sent):
    assert same_parameter(read, sent)


@pytest.mark.parametrize(
    ("read", "sent"),
    [
        (Item("amy"), Item("bob", "str", "")),
        (Item("1", "int"), Item("1", "float")),
        (Item("1", "int", "of steps"), Item("1", "int", "of epochs")),
        (Item("1", "int", "of steps"), Item("1", "int")),
    ],
)
def test_another_value_type_or_description_is_a_change(read, sent):
    assert not same_parameter(read, sent)
