"""Many values in one field: lists, ranges, log ranges; counted before anything is made."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.variations import (
    MOST,
    Together,
    Variation,
    combinations,
    count,
    read_values,
)


@pytest.mark.parametrize(
    ("text", "type_", "values"),
    [
        ("0.1", "float", ["0.1"]),
        ("0.1, 0.01, 0.001", "float", ["0.1", "0.01", "0.001"]),
        ("0.1, 0.1", "float", ["0.1"]),
        ("1e-4, inf, nan", "float", ["1e-4", "inf", "nan"]),
        ("1..4", "int", ["1", "2", "3", "4"]),
        ("1..9 step 2", "int", ["1", "3", "5", "7", "9"]),
        ("9..1 step -4", "int", ["9", "5", "1"]),
        ("0..1 step 0.1", "float", ["0"] + [f"0.{n}" for n in range(1, 10)] + ["1"]),
        ("0..1 x5", "float", ["0", "0.25", "0.5", "0.75", "1"]),
        ("log 1e-4..1e-2 x5", "float", ["0.0001", "0.000316228", "0.001", "0.00316228", "0.01"]),
        ("log 1..1000 x4", "int", ["1", "10", "100", "1000"]),
        ("log 8..512 x7", "int", ["8", "16", "32", "64", "128", "256", "512"]),
        ("LOG 1..100 × 3", "float", ["1", "10", "100"]),
        ("adam, sgd", "str", ["adam", "sgd"]),
        ("a..b", "str", ["a..b"]),
        ("True, False", "bool", ["True", "False"]),
        ("[1, 2], [3]", "list/int", ["[1, 2]", "[3]"]),
        ('{"a": 1}, {"a": 2}', "dict", ['{"a": 1}', '{"a": 2}']),
        ('["a, b", "]"]', "list/str", ['["a, b", "]"]']),
        ("", "str", [""]),
    ],
)
def test_values(text: str, type_: str, values: list[str]) -> None:
    assert list(read_values("Args/x", text, type_).values) == values


@pytest.mark.parametrize(
    ("text", "type_", "sentence"),
    [
        ("0.1, x", "float", "'x' is not one"),
        ("1..9 step 2.5", "int", "'3.5' is not one"),
        ("1..9 step 0", "int", "does not lead from 1 to 9"),
        ("1..9 step -1", "int", "does not lead from 1 to 9"),
        ("0..1", "float", "needs a step or a number of values"),
        ("log 1..10", "float", "needs a number of values"),
        ("log 1..10 step 2", "float", "no step"),
        ("log 0..10 x3", "float", "above zero"),
        ("log -1..10 x3", "float", "above zero"),
        ("0..1 x0", "float", "no value"),
        ("0..1 x1001", "float", "1,001 values"),
        ("0..999999", "int", "1,000,000 values"),
        ("0..1e300 step 1e-300", "float", "at most 1,000"),
        ("1..", "int", "expected a range"),
        ("log 1 to 10", "float", "expected a range"),
        (",".join(["1"] * 2000), "int", "at most 1,000"),
        (f"{'9' * 60}..{'9' * 61} x3", "float", "too large or too exact"),
        ("1e999999999..1e1000000000 x3", "float", "too large or too exact"),
    ],
)
def test_refusals_name_the_parameter(text: str, type_: str, sentence: str) -> None:
    with pytest.raises(InvalidField) as caught:
        read_values("Args/x", text, type_)
    assert "Args/x" in caught.value.detail
    assert sentence in caught.value.detail
    assert caught.value.field == "Args/x"


def test_a_grid_is_every_value_with_every_other() -> None:
    two = [Variation("a", ("1", "2")), Variation("b", ("x", "y"))]
    assert count(two, Together.GRID) == 4
    assert [tuple(row.values()) for row in combinations(two, Together.GRID)] == [
        ("1", "x"), ("1", "y"), ("2", "x"), ("2", "y"),
    ]  # fmt: skip


def test_pairs_are_the_first_with_the_first() -> None:
    three = [Variation("a", ("1", "2")), Variation("b", ("x", "y")), Variation("c", ("z",))]
    assert count(three, Together.ZIP) == 2
    rows = list(combinations(three, Together.ZIP))
    assert rows == [{"a": "1", "b": "x", "c": "z"}, {"a": "2", "b": "y", "c": "z"}]


def test_lists_of_different_length_cannot_be_paired() -> None:
    with pytest.raises(InvalidField, match="a has 2, b has 3"):
        count([Variation("a", ("1", "2")), Variation("b", ("x", "y", "z"))], Together.ZIP)


def test_too_many_drafts_are_counted_not_made() -> None:
    wide = [Variation(f"p{n}", tuple(map(str, range(MOST)))) for n in range(5)]
    with pytest.raises(InvalidField, match="1,000,000,000,000,000 drafts"):
        combinations(wide, Together.GRID)


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12), st.integers(2, 50))
def test_a_log_range_keeps_its_ends_and_its_ratio(first: float, last: float, number: int) -> None:
    values = [
        float(text) for text in read_values("x", f"log {first!r}..{last!r} x{number}", "float")[1]
    ]
    assert values[0] == pytest.approx(first)
    assert values[-1] == pytest.approx(last)
    if first != last and len(values) == number:
        step = math.log(last / first) / (number - 1)
        for one, other in pairwise(values):
            assert math.log(other / one) == pytest.approx(step, abs=3e-5)


@given(st.text(max_size=60), st.sampled_from(["int", "float", "bool", "str", "list/int", None]))
def test_any_text_is_read_or_refused(text: str, type_: str | None) -> None:
    try:
        values = read_values("Args/x", text, type_).values
    except InvalidField:
        return
    assert 1 <= len(values) <= MOST
