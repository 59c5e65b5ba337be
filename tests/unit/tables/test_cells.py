"""Values as short texts that never say something else than the value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from experiments.rules.document import Item
from webui.tables.cells import (
    MISSING,
    duration_text,
    number_cell,
    parameter_cell,
    relative_time,
    shorten_number,
    text_cell,
)

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("0", "0"),
        ("0.0", "0.0"),
        ("0.10", "0.10"),
        ("1e-7", "1e-7"),
        ("1e-05", "1e-05"),
        ("0.30000000000000004", "0.3"),
        ("0.000000012345678", "1.23457e-8"),
        ("123456.789012", "123457"),
        ("-0.1234567890123", "-0.123457"),
        ("1234567890123", "1234567890123"),
        ("12345678901234567890", "1.23457e19"),
        ("0.00000000000000", "0"),
        ("1e-400000000", "1e-4000000…"),
        ("1e999999999", "1e99999999…"),
        ("not a number at all", "not a number at all"),
    ],
)
def test_a_number_is_short_and_never_becomes_zero(text: str, short: str) -> None:
    assert shorten_number(text) == short


def test_the_exact_number_is_in_the_tooltip() -> None:
    cell = number_cell(0.30000000000000004)
    assert (cell.text, cell.title, cell.kind) == ("0.3", "0.30000000000000004", "number")
    assert number_cell(0.5).title == ""
    assert number_cell(None).text == "nan"


def test_missing_recorded_without_value_and_empty_look_different() -> None:
    kinds = {
        parameter_cell(None).kind,
        parameter_cell(Item(None)).kind,
        parameter_cell(Item("")).kind,
        parameter_cell(Item("x")).kind,
    }
    assert kinds == {MISSING.kind, "absent", "empty-text", "value"}


def test_a_secret_shows_nothing_of_itself() -> None:
    cell = parameter_cell(Item("hunter2hunter2"), secret=True)
    assert "hunter" not in cell.text + cell.title


def test_a_long_text_is_cut_and_whole_in_the_tooltip() -> None:
    cell = text_cell("a" * 300)
    assert cell.text == "a" * 100 + "…"
    assert cell.title == "a" * 300
    assert len(text_cell("b" * 5000).title) == 1001


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=40), "40 s ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=12), "12 d ago"),
        (timedelta(days=60), "16 Apr"),
        (timedelta(days=400), "11 May 2025"),
        (timedelta(hours=-2), "15 Jun 2026, 14:00"),
    ],
)
def test_relative_times(ago: timedelta, text: str) -> None:
    assert relative_time(NOW - ago, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59, "59s"), (185, "3m 5s"), (4320, "1h 12m"), (187_200, "2d 4h")],
)
def test_durations(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text
