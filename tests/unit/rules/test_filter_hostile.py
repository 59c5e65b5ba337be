"""Whatever stands in the address: a tree that can be written, or an error that can be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidFilter
from experiments.rules.filters import normalise, parse, to_text
from experiments.rules.filters.evaluation import TaskFacts, evaluate
from experiments.rules.filters.lexer import MAX_LENGTH
from experiments.rules.values import parse_number
from tests.unit.rules.filter_strategies import thorough, trees

PIECES = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "in",
        "matches",
        "exists",
        "missing",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "~",
        "!~",
        "!",
        "Args/lr",
        "name",
        "status",
        "tags",
        "started",
        "iteration",
        "max",
        "max(a/b)",
        "`a b`/c",
        "`",
        "'",
        '"',
        '"x y"',
        "'('",
        "1",
        "1e-3",
        "2026-11-24",
        "draft",
        "15m",
        "true",
        "foo",
        " ",
        "\n",
        "/",
        "-",
        "\\",
        "\0",
        "\ud800",
        "💥",
        "\u202e",
    ]
)
TEXTS = (
    st.text(max_size=60)
    | st.lists(PIECES, max_size=25).map(" ".join)
    | st.lists(PIECES, max_size=25).map("".join)
)


def check(text: str) -> None:
    try:
        tree = parse(text)
    except InvalidFilter as error:
        assert 0 <= error.position <= len(text)
        assert error.detail
        assert error.expected
        assert len(error.detail) < 500
        return
    written = to_text(tree)
    assert parse(written) == tree == normalise(tree)
    assert to_text(parse(written)) == written
    assert evaluate(tree, TaskFacts()) in (True, False)


@thorough
@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text)


@thorough
@given(trees, st.data())
def test_a_damaged_filter_is_read_or_refused(tree: object, data: st.DataObject) -> None:
    text = to_text(tree)  # type: ignore[arg-type]  # trees are nodes
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    check(text[:start] + data.draw(PIECES | st.just("")) + text[end:])


@pytest.mark.parametrize(
    "text",
    [
        "(" * MAX_LENGTH,
        ")" * MAX_LENGTH,
        "not " * (MAX_LENGTH // 4),
        "(a or " * (MAX_LENGTH // 6),
        "max(" * (MAX_LENGTH // 4),
        "`" * MAX_LENGTH,
        "`" * (MAX_LENGTH - 1),
        '"' * MAX_LENGTH,
        "'" * (MAX_LENGTH - 1),
        "a/" * (MAX_LENGTH // 2) + "=1",
        "a " * (MAX_LENGTH // 2),
        "a/b in (" + "1," * 4_000,
        "iteration = " + "9" * 9_000,
        "iteration = " + "0" * 9_000,
        "duration = " + "9" * 9_000 + "s",
        "duration = " + "1h" * 4_000,
        "started = " + "2" * 9_000,
        "name matches '" + "(" * 9_000 + "'",
        "name matches '" + "(a*)*" * 1_900 + "$'",
        "name matches '" + "a{1000}" * 1_000 + "'",
        "=" * MAX_LENGTH,
        "a" * (MAX_LENGTH * 100),
    ],
    ids=lambda text: f"{text[:16]}…",
)
def test_a_huge_filter_is_read_or_refused(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["9" * 1_000_000 + "s", "1." + "0" * 1_000_000 + "x"])
def test_a_long_value_that_is_almost_a_number_is_read_at_once(text: str) -> None:
    # With an ambiguous pattern this would take hours.
    assert parse_number(text) is None
