"""Lists with operators, as conditions on tasks and on things in memory."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Parameter
from experiments.rules.filters.printer import to_text
from experiments.sdk.get_all.lists import read_list

TAGS = Builtin("tags")

# The list, the condition in the language of the tables, and sets of tags that do and do not
# fulfil it.
CASES: list[tuple[list[str | None], str, list[str], list[str]]] = [
    ([], "", ["", "a"], []),
    (["a"], "tags in (a)", ["a", "a b"], ["", "b"]),
    (["a", "b"], "tags in (a, b)", ["a", "b"], ["", "c"]),
    (["a", "-b"], "tags in (a) and not tags = b", ["a", "a c"], ["a b", "c"]),
    (["-a", "-b"], "not tags = a and not tags = b", ["", "c"], ["a", "b c"]),
    (["__$all", "a", "b"], "tags = a and tags = b", ["a b", "a b c"], ["a", "b", ""]),
    (["__$and", "a", "b"], "tags = a and tags = b", ["a b"], ["a"]),
    (["__$any", "a", "b"], "tags in (a, b)", ["a", "b"], ["c"]),
    (["__$or", "a", "__$not", "b"], "tags in (a) or not tags = b", ["a b", ""], ["b"]),
    (["__$not", "a"], "not tags = a", ["", "b"], ["a"]),
    (["__$all", "a", "__$not", "b"], "tags = a and not tags = b", ["a"], ["a b", ""]),
    (["__$all", "a", "-b"], 'tags = a and tags = "-b"', ["a -b"], ["a", "a b"]),
    (["__$nop", "-b"], 'tags in ("-b")', ["-b"], ["", "b"]),
    ([None], "tags missing", [""], ["a"]),
    ([None, "a"], "tags in (a) or tags missing", ["", "a"], ["b"]),
    (["__$not", None], "not tags missing", ["a"], [""]),
    (
        ["__$all", "a", "b", "c", "__$or", "d", "__$not", "e", "__$and", "__$or", "f", "g"],
        "tags = a and tags = b and tags = c and (tags in (d) or not tags = e) and tags in (f, g)",
        ["a b c d f", "a b c g"],
        ["a b c d", "a b c e f", "a b d f"],
    ),
]


@pytest.mark.parametrize(("values", "text", "yes", "no"), CASES, ids=[str(c[0]) for c in CASES])
def test_it_means(values: list[str | None], text: str, yes: list[str], no: list[str]) -> None:
    condition = read_list(values, "tags")
    written = to_text(condition.node(TAGS)).replace('"-b"', "-b")
    assert written == text.replace('"-b"', "-b")
    assert [tags for tags in yes if not condition.holds(tags.split())] == []
    assert [tags for tags in no if condition.holds(tags.split())] == []


@pytest.mark.parametrize("values", [["__$xor", "a"], ["a", "__$not"], ["__$"]])
def test_it_refuses(values: list[str]) -> None:
    with pytest.raises(InvalidField) as refusal:
        read_list(values, "tags")
    assert refusal.value.field == "tags"


@pytest.mark.parametrize(
    ("values", "found", "rest"),
    [
        (["-archived"], True, []),
        (["__$not", "archived"], True, []),
        (["__$all", "a", "__$not", "archived"], True, ["a"]),
        (["a", "-archived"], True, ["a"]),
        (["__$any", "a", "__$not", "archived"], False, ["a"]),
        (["archived"], False, ["archived"]),
        ([], False, []),
    ],
)
def test_an_excluded_value_is_split_off(values: list[str], found: bool, rest: list[str]) -> None:
    condition, excluded = read_list(values, "tags").split_excluded("archived")
    kept = [t.value for group in condition.groups for t in group.terms if not t.negated]
    assert (excluded, kept) == (found, rest)


def test_a_value_of_a_parameter_is_meant_as_number_and_as_text() -> None:
    condition: Any = read_list(["007", "adam"], "x").node(Parameter("Args", "x"))
    assert [(v.text, v.quoted) for v in condition.literals] == [
        ("007", False),
        ("007", True),
        ("adam", False),
        ("adam", True),
    ]


def test_a_minus_before_a_number_is_its_sign_where_numbers_are_meant() -> None:
    parameter = Parameter("Args", "x")
    condition = read_list(["-1", "-adam"], "x", numbers=True)
    assert to_text(condition.node(parameter)) == (
        'Args/x in (-1, "-1") and not Args/x in (adam, "adam")'
    )
    assert to_text(read_list(["-1"], "tags").node(TAGS)) == "not tags = 1"
