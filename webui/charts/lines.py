"""The geometry of a line chart, drawn by a template as SVG; no markup here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from experiments.rules.series import Point, thin
from webui.charts.scales import (
    Scale,
    Span,
    Tick,
    ago_ticks,
    iteration_scale,
    tick_text,
    time_scale,
    value_scale,
)

WIDTH, HEIGHT = 440, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 10, 38
LABEL = 16  # of BOTTOM, for the words under the marks
MOST_POINTS = 300
MOST_LINES = 24
TONES = 8
DASHES = 3

Dot = tuple[float, float]


class Series(NamedTuple):
    label: str
    points: Sequence[Point]


class Axes(NamedTuple):
    """What a chart shows besides its values: with `span`, points are of seconds since 1970.

    `whole` values are counts; `include` are values that the axis reaches in any case.
    """

    span: Span | None = None
    whole: bool = False
    include: tuple[float, ...] = ()


ITERATIONS = Axes()


@dataclass(frozen=True, slots=True)
class Line:
    """`path` is of an SVG path, `raw` that of the values before smoothing; lone points are dots."""

    label: str
    last: str
    tone: str
    path: str
    raw: str
    dots: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LineChart:
    title: str
    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    notes: list[str]
    summary: str
    x_label: str = "iteration"
    width: str = str(WIDTH)
    height: str = str(HEIGHT)
    left: str = str(LEFT)
    right: str = str(WIDTH - RIGHT)
    bottom: str = str(HEIGHT - BOTTOM)
    middle: str = str((LEFT + WIDTH - RIGHT) // 2)
    tick_y: str = str(HEIGHT - BOTTOM + 15)
    label_y: str = str(HEIGHT - 4)


def line_chart(
    title: str,
    series: Sequence[Series],
    *,
    logarithmic: bool = False,
    smoothing: float = 0.0,
    axes: Axes = ITERATIONS,
) -> LineChart | None:
    """The chart of one metric, a line per variant; None where no value can be drawn."""
    shown = [one for one in series[:MOST_LINES] if _drawable(one.points, logarithmic)]
    if not shown:
        return None
    runs = {one.label: _runs(one.points, logarithmic) for one in shown}
    everything = [dot for found in runs.values() for run in found for dot in run]
    x_scale = _x_scale([x for x, _ in everything], axes.span)
    y_scale = value_scale(
        [*(y for _, y in everything), *axes.include],
        HEIGHT - BOTTOM,
        TOP,
        logarithmic=logarithmic,
        whole=axes.whole,
    )
    places = [one.label for one in series]
    return LineChart(
        title=title,
        lines=[
            _line(
                one,
                places.index(one.label),
                runs[one.label],
                x_scale,
                y_scale,
                smoothing=smoothing,
            )
            for one in shown
        ],
        x_ticks=ago_ticks(x_scale, axes.span) if axes.span else x_scale.ticks(5),
        y_ticks=y_scale.ticks(4),
        notes=list(_notes(series, shown, logarithmic)),
        summary=f"{title}: {len(shown)} line{'s' if len(shown) > 1 else ''},"
        f" {_reach(x_scale, axes.span)}",
        x_label="" if axes.span else "iteration",
        height=str(HEIGHT - (LABEL if axes.span else 0)),
    )


def smoothed(values: Iterable[float], weight: float) -> Iterator[float]:
    """Exponential moving average that starts at the first value instead of at zero."""
    sum_, weights = 0.0, 0.0
    for value in values:
        sum_ = weight * sum_ + (1 - weight) * value
        weights = weight * weights + (1 - weight)
        yield sum_ / weights


def _x_scale(places: Sequence[float], span: Span | None) -> Scale:
    if span:
        return time_scale(span, LEFT, WIDTH - RIGHT)
    return iteration_scale(places, LEFT, WIDTH - RIGHT)


def _reach(x_scale: Scale, span: Span | None) -> str:
    if span:
        return f"the last {span.text}"
    return f"iterations {tick_text(x_scale.low)} to {tick_text(x_scale.high)}"


def _line(
    series: Series,
    place: int,
    runs: list[list[Dot]],
    x_scale: Scale,
    y_scale: Scale,
    *,
    smoothing: float,
) -> Line:
    def path(runs: Iterable[list[Dot]]) -> str:
        placed = ([(x_scale.place(x), y_scale.place(y)) for x, y in run] for run in runs)
        return "".join("M" + "L".join(f"{x},{y}" for x, y in run) for run in placed)

    many = [run for run in runs if len(run) > 1]
    smooth = [_smooth_run(run, smoothing) for run in many] if smoothing else []
    return Line(
        label=series.label,
        last=value_text(series.points[-1][2]),
        tone=f"tone-{place % TONES} dash-{place // TONES % DASHES}",
        path=path(smooth or many),
        raw=path(many) if smooth else "",
        dots=[
            (x_scale.place(x), y_scale.place(y)) for run in runs if len(run) == 1 for x, y in run
        ],
    )


def _smooth_run(run: list[Dot], smoothing: float) -> list[Dot]:
    return list(zip((x for x, _ in run), smoothed((y for _, y in run), smoothing), strict=True))


def value_text(value: float) -> str:
    return tick_text(value) if math.isfinite(value) else str(value)


def _runs(points: Sequence[Point], logarithmic: bool) -> list[list[Dot]]:
    """Thinned stretches between values that cannot be drawn: there the line has a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if _can_be_drawn(point[2], logarithmic):
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    share = MOST_POINTS / max(len(points), MOST_POINTS)
    thinned = (thin(run, max(4, int(len(run) * share))) for run in runs if run)
    return [[(float(point[0]), point[2]) for point in run] for run in thinned]


def _drawable(points: Sequence[Point], logarithmic: bool) -> bool:
    return any(_can_be_drawn(value, logarithmic) for _, _, value in points)


def _can_be_drawn(value: float, logarithmic: bool) -> bool:
    return math.isfinite(value) and (value > 0 or not logarithmic)


def _notes(series: Sequence[Series], shown: Sequence[Series], logarithmic: bool) -> Iterator[str]:
    values = [value for one in series[:MOST_LINES] for _, _, value in one.points]
    if gaps := sum(not math.isfinite(value) for value in values):
        yield f"{gaps:,} {'value is' if gaps == 1 else 'values are'} NaN or infinite"
    if logarithmic and (low := sum(value <= 0 for value in values)):
        yield f"{low:,} not above zero, which a logarithmic axis cannot show"
    if len(series) > MOST_LINES:
        yield f"{len(series) - MOST_LINES:,} more variants are in the table"
