"""Differences of trees by key path, and that applying them gives the other tree."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.formats.detection import Format
from experiments.rules.formats.structural import apply, differences, path_text, same
from experiments.rules.formats.tree import read

SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text("ab.", max_size=2)
NAMED = st.dictionaries(st.sampled_from(["id", "name", "v"]), SCALARS, max_size=3)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(NAMED, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "name", "a", "b", "x.y", ""]), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(TREES, TREES)
def test_applying_the_differences_gives_the_other(base, other):
    before = copy.deepcopy(base)
    assert same(apply(base, differences(base, other)), other)
    assert same(base, before), "the base itself stays"


@given(TREES)
def test_a_tree_does_not_differ_from_itself(tree):
    assert differences(tree, copy.deepcopy(tree)) == []


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.permutations("abcdef"), st.data())
def test_items_with_a_name_are_matched_by_it(old, order, data):
    new = order[: data.draw(st.integers(0, 6))]
    base = [{"name": name, "v": ord(name)} for name in old]
    other = [{"name": name, "v": ord(name)} for name in new]
    found = differences(base, other)
    assert same(apply(base, found), other)
    assert "changed" not in {change.kind for change in found}


def described(base, other):
    return [
        (change.kind, path_text(change.path), change.old, change.new)
        for change in differences(base, other)
    ]


@pytest.mark.parametrize(
    ("base", "other", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": 1}, {"a": 1.0}, [("changed", "a", 1, 1.0)]),
        ({"a": True}, {"a": 1}, [("changed", "a", True, 1)]),
        (
            {"a": {"b": 1}},
            {"a": {"c": 1}},
            [("removed", "a.b", 1, None), ("added", "a.c", None, 1)],
        ),
        ({"a": None}, {}, [("removed", "a", None, None)]),
        ([1, 2, 3], [1, 5], [("changed", "[1]", 2, 5), ("removed", "[2]", 3, None)]),
        ({"x.y": [1]}, {"x.y": [1, 2]}, [("added", "'x.y'[1]", None, 2)]),
        (
            {"stages": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]},
            {"stages": [{"name": "c"}, {"n": 3, "name": "b"}]},
            [
                ("changed", "stages[name=b].n", 2, 3),
                ("removed", "stages[name=a]", {"name": "a", "n": 1}, None),
                ("added", "stages[name=c]", None, {"name": "c"}),
                (
                    "reordered",
                    "stages",
                    (("name", "a"), ("name", "b")),
                    (("name", "c"), ("name", "b")),
                ),
            ],
        ),
        (1, [1], [("changed", "", 1, [1])]),
    ],
)
def test_what_is_told(base, other, found):
    assert described(base, other) == found


def test_formatting_and_format_do_not_count():
    hocon = read("b { c = [1, x] }\na = 1.5", Format.HOCON).tree
    assert differences(hocon, read('{"a": 1.5,\n "b": {"c": [1, "x"]}}', Format.JSON).tree) == []
    assert differences(hocon, read("# c\na:   1.5\nb: {c: [1, x]}", Format.YAML).tree) == []
