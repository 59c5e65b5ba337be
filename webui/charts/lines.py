"""The geometry of a small line chart, drawn by a template as SVG; no markup here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from webui.tables.cells import shorten_number

WIDTH, HEIGHT = 440, 180
LEFT, RIGHT, TOP, BOTTOM = 58, 10, 8, 24
MOST_POINTS = 280
TONES = 8

Dot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """`path` are the points of a polyline; a lone point is drawn as a dot."""

    label: str
    tone: str
    path: str
    dot: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Tick:
    place: str
    label: str


@dataclass(frozen=True, slots=True)
class LineChart:
    title: str
    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    summary: str
    width: str = str(WIDTH)
    height: str = str(HEIGHT)
    left: str = str(LEFT)
    right: str = str(WIDTH - RIGHT)
    bottom: str = str(HEIGHT - BOTTOM)
    label_y: str = str(HEIGHT - 8)


def line_chart(title: str, series: Sequence[tuple[str, Sequence[Dot]]]) -> LineChart | None:
    """The chart of one metric, a line per variant; None where no point is finite."""
    finite = [(label, [dot for dot in dots if math.isfinite(dot[1])]) for label, dots in series]
    drawn = [(label, thinned(dots)) for label, dots in finite if dots]
    if not drawn:
        return None
    everything = [dot for _, dots in drawn for dot in dots]
    x_scale = _Scale([x for x, _ in everything], LEFT, WIDTH - RIGHT)
    y_scale = _Scale([y for _, y in everything], HEIGHT - BOTTOM, TOP)
    return LineChart(
        title=title,
        lines=[
            _line(label, place, dots, x_scale, y_scale) for place, (label, dots) in enumerate(drawn)
        ],
        x_ticks=x_scale.ticks(4),
        y_ticks=y_scale.ticks(4),
        summary=f"{title}: {len(drawn)} line{'s' if len(drawn) > 1 else ''} from"
        f" {_text(x_scale.low)} to {_text(x_scale.high)} iterations",
    )


def thinned(dots: Sequence[Dot], most: int = MOST_POINTS) -> list[Dot]:
    """At most `most` points; of each stretch the lowest and the highest stay, so peaks do."""
    if len(dots) <= most:
        return list(dots)
    stretches = most // 2
    kept: list[Dot] = []
    for place in range(stretches):
        part = dots[place * len(dots) // stretches : (place + 1) * len(dots) // stretches]
        ends = {min(part, key=lambda dot: dot[1]), max(part, key=lambda dot: dot[1])}
        kept += sorted(ends)
    return kept


class _Scale:
    """Numbers to places between two edges; a flat series lies in the middle."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = min(values), max(values)
        self._start, self._end = start, end

    def place(self, value: float) -> str:
        # Each end is scaled by itself: the difference of two huge numbers may overflow.
        span = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / span if span else 0.5
        return f"{self._start + share * (self._end - self._start):.1f}"

    def ticks(self, count: int) -> list[Tick]:
        if self.low == self.high:
            return [Tick(self.place(self.low), _text(self.low))]
        step = _round_step((self.high / 2 - self.low / 2) * 2 / count)
        if not math.isfinite(step) or step == 0:
            return [Tick(self.place(end), _text(end)) for end in (self.low, self.high)]
        first = math.ceil(self.low / step)
        marks = [(first + i) * step for i in range(count * 3)]
        return [Tick(self.place(mark), _text(mark)) for mark in marks if mark <= self.high]


def _round_step(wanted: float) -> float:
    if not math.isfinite(wanted) or wanted <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((power * f for f in (1, 2, 5, 10) if power * f >= wanted * 0.7), wanted)


def _line(label: str, place: int, dots: list[Dot], x_scale: _Scale, y_scale: _Scale) -> Line:
    places = [(x_scale.place(x), y_scale.place(y)) for x, y in dots]
    path = " ".join(f"{x},{y}" for x, y in places)
    return Line(label, f"tone-{place % TONES}", path, places[0] if len(places) == 1 else None)


def _text(value: float) -> str:
    if value == int(value) and abs(value) < 1e6 if math.isfinite(value) else False:
        return f"{int(value):,}"
    return shorten_number(f"{value:.5g}")
