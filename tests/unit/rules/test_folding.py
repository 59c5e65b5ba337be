"""Which lines fold away under which."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.formats.detection import Format
from experiments.rules.formats.folding import folds


def lines_under(text: str, format_: Format) -> dict[int, int]:
    """The same, with lines counted from 1."""
    found = folds(text.split("\n"), format_)
    return {place + 1: last + 1 for place, last in found.items()}


def test_yaml_folds_by_indentation() -> None:
    text = "a:\n  b:\n    c: 1\n\n  d: 2\ne: 3"
    assert lines_under(text, Format.YAML) == {1: 5, 2: 3}


def test_items_in_the_column_of_their_key_lie_under_it() -> None:
    text = "a:\n- x: 1\n  y: 2\n- x: 3\nb: 4"
    assert lines_under(text, Format.YAML) == {1: 4, 2: 3}


def test_json_keeps_its_closing_brackets() -> None:
    text = json.dumps({"a": {"b": [1, 2]}, "c": 3}, indent=2)
    assert lines_under(text, Format.JSON) == {1: 8, 2: 6, 3: 5}
    assert text.split("\n")[8] == "}"


@pytest.mark.parametrize("format_", [Format.INI, Format.TOML])
def test_sections_fold_up_to_the_next(format_: Format) -> None:
    text = "[a]\nx = 1\ny = 2\n\n[b]\nz = 3"
    assert lines_under(text, format_) == {1: 3, 5: 6}


@given(st.lists(st.text(alphabet=" \t-ax:[]{}", max_size=8), max_size=40))
def test_folds_lie_inside_each_other(lines: list[str]) -> None:
    found = folds(lines, Format.YAML)
    for place, last in found.items():
        assert place < last < len(lines)
        assert all(found[other] <= last for other in found if place < other <= last)
