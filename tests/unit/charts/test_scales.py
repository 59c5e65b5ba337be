from __future__ import annotations

import math
from itertools import pairwise

import pytest

from webui.charts.scales import (
    Span,
    ago_ticks,
    iteration_scale,
    round_step,
    tick_text,
    time_scale,
    value_scale,
)


def labels(scale: object, about: int = 4) -> list[str]:
    return [tick.label for tick in scale.ticks(about)]


@pytest.mark.parametrize(
    ("wanted", "step"),
    [(1, 1), (1.5, 2), (2.2, 2), (3, 5), (4, 5), (8, 10), (0.03, 0.05), (90, 100), (0, 0)],
)
def test_steps_are_round(wanted: float, step: float) -> None:
    assert round_step(wanted) == pytest.approx(step)


@pytest.mark.parametrize("value", [math.inf, math.nan, -1])
def test_no_step_of_what_is_none(value: float) -> None:
    assert round_step(value) == 0


def test_iterations_have_whole_ticks() -> None:
    assert labels(iteration_scale([0, 2], 0, 100)) == ["0", "1", "2"]
    assert labels(iteration_scale([0, 59], 0, 100), 5) == ["0", "10", "20", "30", "40", "50"]
    assert labels(iteration_scale([0, 2_000_000], 0, 100)) == [
        "0",
        "500,000",
        "1e6",
        "1.5e6",
        "2e6",
    ]


def test_a_single_value_lies_in_the_middle() -> None:
    scale = iteration_scale([7], 0, 100)
    assert scale.place(7) == "50.0"
    assert labels(scale) == ["7"]


def test_values_have_room_but_none_below_zero() -> None:
    scale = value_scale([0, 10], 100, 0)
    assert scale.place(0) == "100.0"
    assert 0 < float(scale.place(10)) < 10
    assert float(value_scale([-10, 10], 100, 0).place(-10)) < 100


@pytest.mark.parametrize(
    "values",
    [[-1.7e308, 1.7e308], [5e-324, 1e-323], [1e16, 1e16 + 2], [1e-9, 1e9], [-0.3, 0.7], [3, 3]],
)
def test_ticks_are_few_rise_and_lie_inside(values: list[float]) -> None:
    scale = value_scale(values, 100, 0)
    places = [float(tick.place) for tick in scale.ticks(4)]
    assert 1 <= len(places) <= 12
    assert all(0 <= place <= 100 for place in places)
    assert all(lower >= higher for lower, higher in pairwise(places))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.001, 1000], ["0.01", "1", "100"]),
        ([1, 30], ["1", "2", "5", "10", "20"]),
        ([3, 4], ["2.9572", "4.058"]),
    ],
)
def test_logarithmic_ticks(values: list[float], shown: list[str]) -> None:
    scale = value_scale(values, 100, 0, logarithmic=True)
    assert labels(scale) == shown
    places = [float(tick.place) for tick in scale.ticks(4)]
    assert places == sorted(places, reverse=True)
    assert all(-0.1 <= place <= 100.1 for place in places)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1500, "1,500"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "1e-7"),
        (2.5e9, "2.5e9"),
        (-0.5, "-0.5"),
    ],
)
def test_text_of_ticks(value: float, text: str) -> None:
    assert tick_text(value) == text


DAY = Span(1000.0, 1000.0 + 86_400, "h")


def test_marks_of_time_say_how_long_ago() -> None:
    scale = time_scale(DAY, 0, 240)
    assert [(tick.label, tick.place) for tick in ago_ticks(scale, DAY)] == [
        ("24 h", "0.0"), ("18 h", "60.0"), ("12 h", "120.0"), ("6 h", "180.0"), ("now", "240.0"),
    ]  # fmt: skip
    week = Span(0.0, 7 * 86_400, "d")
    assert [tick.label for tick in ago_ticks(time_scale(week, 0, 1), week)][:2] == ["7 d", "6 d"]
    assert (DAY.text, week.text) == ("24 hours", "7 days")


def test_counts_have_no_halves_between_them() -> None:
    ticks = value_scale([0, 2], 100, 0, whole=True).ticks(4)
    assert [tick.label for tick in ticks] == ["0", "1", "2"]
