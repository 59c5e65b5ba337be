"""The geometry of line charts."""

from __future__ import annotations

import math

import pytest

from webui.charts.lines import MOST_POINTS, line_chart, thinned


def test_a_line_per_variant_with_axis_labels() -> None:
    chart = line_chart("loss", [("train", [(0, 1.0), (10, 0.5)]), ("val", [(0, 2.0), (10, 1.5)])])
    assert chart is not None
    assert [line.label for line in chart.lines] == ["train", "val"]
    assert chart.lines[0].tone != chart.lines[1].tone
    assert len(chart.y_ticks) >= 2
    assert all(part.count(",") == 1 for part in chart.lines[0].path.split())


def test_a_lone_point_is_a_dot() -> None:
    chart = line_chart("score", [("final", [(3, 0.7)])])
    assert chart is not None
    assert chart.lines[0].dot is not None


def test_nothing_finite_gives_no_chart() -> None:
    assert line_chart("loss", [("train", [(0, math.nan), (1, math.inf)])]) is None
    assert line_chart("loss", []) is None


@pytest.mark.parametrize(
    "values", [[5.0, 5.0], [-1e308, 1e308], [1e-320, 2e-320], [0.0, 1e-12], [1e15, 1e15 + 1]]
)
def test_extreme_ranges_stay_on_the_sheet(values: list[float]) -> None:
    chart = line_chart("x", [("y", list(enumerate(values)))])
    assert chart is not None
    places = [float(y) for point in chart.lines[0].path.split() for y in [point.split(",")[1]]]
    assert all(0 <= place <= float(chart.height) for place in places)
    assert chart.y_ticks


def test_thinning_keeps_the_peaks() -> None:
    dots = [(float(x), 0.0) for x in range(10_000)]
    dots[4321] = (4321.0, 99.0)
    dots[8765] = (8765.0, -99.0)
    kept = thinned(dots)
    assert len(kept) <= MOST_POINTS
    assert {(4321.0, 99.0), (8765.0, -99.0)} <= set(kept)
    assert kept == sorted(kept)
