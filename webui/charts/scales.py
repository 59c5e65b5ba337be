"""From values to places on a chart, and the round numbers beside its axes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from webui.tables.cells import shorten_number

_EXPONENT = re.compile(r"e\+?(-?)0*")
UNITS = {"h": 3600, "d": 86_400}
NAMES = {"h": "hours", "d": "days"}
MOST_MARKS = 8
PADDING = 0.05  # of the height, so that a line does not run along the frame


class Tick(NamedTuple):
    place: str
    label: str


class Span(NamedTuple):
    """A stretch of time that ends now, in seconds since 1970; `unit` is that of its marks."""

    start: float
    end: float
    unit: str

    @property
    def text(self) -> str:
        count = round((self.end - self.start) / UNITS[self.unit])
        return f"{count} {NAMES[self.unit]}"


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps `low`..`high` to the pixels `start`..`end`. A logarithmic one holds logarithms."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False
    least_step: float = 0.0

    def place(self, value: float) -> str:
        measured = math.log10(value) if self.logarithmic else value
        # Each end is halved before: the difference of two huge numbers may overflow.
        span = self.high / 2 - self.low / 2
        share = (measured / 2 - self.low / 2) / span if span else 0.5
        return f"{self.start + share * (self.end - self.start):.1f}"

    def ticks(self, about: int) -> list[Tick]:
        if self.logarithmic:
            return self._log_ticks(about)
        if self.low == self.high:
            return [Tick(self.place(self.low), tick_text(self.low))]
        step = max(round_step((self.high / 2 - self.low / 2) * 2 / about), self.least_step)
        if not math.isfinite(step) or step <= 0 or self.low + step == self.low:
            return [Tick(self.place(end), tick_text(end)) for end in (self.low, self.high)]
        first = math.ceil(self.low / step - 1e-9)
        marks = ((first + number) * step for number in range(about * 3))
        return [Tick(self.place(mark), tick_text(mark)) for mark in marks if mark <= self.high]

    def _log_ticks(self, about: int) -> list[Tick]:
        powers = range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)
        factors = (1, 2, 5) if len(powers) < 3 else (1,)
        every = max(1, math.ceil(len(powers) / about))
        marks = [
            factor * 10.0**power
            for power in range(math.floor(self.low), math.ceil(self.high) + 1)
            for factor in factors
            if power % every == 0
        ]
        inside = [mark for mark in marks if self.low <= math.log10(mark) <= self.high]
        shown = inside or [10.0**self.low, 10.0**self.high]
        return [Tick(self.place(mark), tick_text(mark)) for mark in shown]


def iteration_scale(values: Iterable[float], start: float, end: float) -> Scale:
    values = list(values)
    return Scale(min(values), max(values), start, end, least_step=1)


def value_scale(
    values: Iterable[float],
    start: float,
    end: float,
    *,
    logarithmic: bool = False,
    whole: bool = False,
) -> Scale:
    """With some room above and below, though not below zero where nothing is."""
    values = [math.log10(value) for value in values] if logarithmic else list(values)
    low, high = min(values), max(values)
    room = (high / 2 - low / 2) * 2 * PADDING
    if not math.isfinite(low - room) or not math.isfinite(high + room):
        room = 0
    floor = 0 if low >= 0 and not logarithmic else -math.inf
    return Scale(
        max(low - room, floor), high + room, start, end, logarithmic, least_step=1 if whole else 0
    )


def time_scale(span: Span, start: float, end: float) -> Scale:
    return Scale(span.start, span.end, start, end)


def ago_ticks(scale: Scale, span: Span) -> list[Tick]:
    """Marks by how long ago it was: a page does not know the clock of whoever reads it."""
    unit = UNITS[span.unit]
    count = round((span.end - span.start) / unit)
    every = next((step for step in (1, 2, 3, 6, 12) if count / step < MOST_MARKS), count)
    marks = range(0, count + 1, every)
    return [
        Tick(scale.place(span.end - mark * unit), f"{mark} {span.unit}" if mark else "now")
        for mark in reversed(marks)
    ]


def round_step(wanted: float) -> float:
    """The step of 1, 2 or 5 times a power of ten nearest to `wanted`; 0 if there is none."""
    if not math.isfinite(wanted) or wanted <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((power * f for f in (1, 2, 5, 10) if power * f >= wanted * 0.7), wanted)


def tick_text(value: float) -> str:
    if abs(value) < 1e6 and value == int(value):
        return f"{int(value):,}"
    return _EXPONENT.sub(r"e\1", shorten_number(f"{value:.5g}"))
