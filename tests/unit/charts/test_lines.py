from __future__ import annotations

import math
import re

import pytest

from webui.charts.lines import MOST_LINES, MOST_POINTS, Axes, Series, line_chart, smoothed
from webui.charts.scales import Span

NAN, INF = math.nan, math.inf


def points(*values: float) -> list[tuple[int, int, float]]:
    return [(iteration, 0, value) for iteration, value in enumerate(values)]


def chart(*values: float, **options: object) -> object:
    found = line_chart("loss", [Series("train", points(*values))], **options)
    assert found
    return found


def coordinates(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([-\d.]+),([-\d.]+)", path)]


def test_a_line_goes_from_edge_to_edge() -> None:
    drawn = chart(0, 5, 10)
    (line,) = drawn.lines
    (x0, y0), (x1, y1), (x2, y2) = coordinates(line.path)
    assert (x0, x2) == (float(drawn.left), float(drawn.right))
    assert x0 < x1 < x2
    assert y0 > y1 > y2
    assert (line.label, line.last) == ("train", "10")


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_what_is_no_number_is_a_gap_and_said(value: float) -> None:
    drawn = chart(1, 2, value, 3, 4)
    assert drawn.lines[0].path.count("M") == 2
    assert drawn.notes == ["1 value is NaN or infinite"]


def test_a_lone_value_is_a_dot() -> None:
    drawn = chart(1, 2, NAN, 3, NAN)
    assert len(drawn.lines[0].dots) == 1
    assert drawn.lines[0].last == "nan"


@pytest.mark.parametrize("values", [[NAN, INF], []])
def test_nothing_to_draw_is_no_chart(values: list[float]) -> None:
    assert line_chart("loss", [Series("train", points(*values))]) is None


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show() -> None:
    drawn = chart(1, 0, 100, 1000, logarithmic=True)
    assert len(coordinates(drawn.lines[0].path)) == 2
    assert len(drawn.lines[0].dots) == 1
    assert drawn.notes == ["1 not above zero, which a logarithmic axis cannot show"]
    assert line_chart("x", [Series("a", points(0, -1))], logarithmic=True) is None


def test_long_series_are_thinned_and_keep_their_peak() -> None:
    values = [0.0] * 50_000
    values[31_234] = 9.0
    drawn = chart(*values)
    found = coordinates(drawn.lines[0].path)
    assert len(found) <= MOST_POINTS
    highest = min(y for _, y in found)
    assert sum(y == highest for _, y in found) == 1


def test_many_gaps_do_not_multiply_the_points() -> None:
    values = [NAN if n % 10 == 0 else n for n in range(5_000)]
    assert len(coordinates(chart(*values).lines[0].path)) <= 5_000


def test_variants_differ_by_tone_then_by_dash() -> None:
    series = [Series(str(n), points(n, n + 1)) for n in range(MOST_LINES + 6)]
    drawn = line_chart("loss", series)
    assert drawn
    assert len({line.tone for line in drawn.lines}) == MOST_LINES
    assert drawn.notes == ["6 more variants are in the table"]


def test_a_variant_keeps_its_tone_when_another_cannot_be_drawn() -> None:
    drawn = line_chart("x", [Series("a", points(NAN)), Series("b", points(1, 2))])
    assert drawn
    assert [line.tone for line in drawn.lines] == ["tone-1 dash-0"]


@pytest.mark.parametrize("values", [(1.7e308, -1.7e308), (5e-324, 0), (1, 1, 1)])
def test_extremes_stay_inside(values: tuple[float, ...]) -> None:
    drawn = chart(*values)
    for _, y in coordinates(drawn.lines[0].path):
        assert 0 <= y <= float(drawn.bottom)


def test_smoothing_keeps_the_values_beneath() -> None:
    drawn = chart(0, 10, 0, 10, smoothing=0.9)
    line = drawn.lines[0]
    assert len(coordinates(line.raw)) == len(coordinates(line.path)) == 4
    assert line.raw != line.path


def test_smoothing_starts_at_the_first_value() -> None:
    assert list(smoothed([4, 4, 4], 0.6)) == pytest.approx([4, 4, 4])
    assert list(smoothed([0, 1], 0.5)) == pytest.approx([0, 2 / 3])
    assert list(smoothed([1, 2, 3], 0)) == [1, 2, 3]


def test_an_axis_of_time_and_of_counts() -> None:
    span = Span(0.0, 86_400.0, "h")
    drawn = line_chart(
        "Waiting",
        [Series("waiting", [(0, 0, 1.0), (43_200, 0, 1.0)])],
        axes=Axes(span, whole=True, include=(0, 2)),
    )
    assert drawn
    assert (drawn.x_label, drawn.summary) == ("", "Waiting: 1 line, the last 24 hours")
    assert [tick.label for tick in drawn.y_ticks] == ["0", "1", "2"]
    last = coordinates(drawn.lines[0].path)[-1]
    assert last[0] < float(drawn.right), "it ends where the values end, not at the edge"
