"""The rows of a result and their Markdown table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.timing import Timing

Figure = Literal["median", "p95", "max"]


@dataclass(frozen=True)
class Aim:
    """A bound on one figure; `steps` are (up to how many tasks, bound), smallest first."""

    figure: Figure
    steps: tuple[tuple[int, float], ...]
    at_least: bool = False

    def bound(self, tasks: int) -> float | None:
        return next((bound for most, bound in self.steps if tasks <= most), None)


@dataclass(frozen=True)
class Row:
    """One measure. Values that are no timing stand under `median` alone."""

    measure: str
    median: float
    p95: float | None = None
    slowest: float | None = None
    processor: float | None = None
    unit: str = "ms"
    aim: Aim | None = None

    def value(self, figure: Figure) -> float | None:
        return {"median": self.median, "p95": self.p95, "max": self.slowest}[figure]


def timing_row(measure: str, timing: Timing, aim: Aim | None = None) -> Row:
    return Row(measure, timing.median, timing.p95, timing.slowest, timing.processor, aim=aim)


def number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table, numbers to the right."""
    titles = list(headings)
    lines = [titles, ["---", *("---:" for _ in titles[1:])], *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def result_table(title: str, rows: Iterable[Row], tasks: int) -> str:
    """`title` over measure | median | p95 | max | CPU | aim | met."""
    headings = ("measure", "median", "p95", "max", "CPU", "aim", "met")
    return f"### {title}\n\n{table(headings, (_cells(row, tasks) for row in rows))}"


def _cells(row: Row, tasks: int) -> list[str]:
    shown = [
        f"{number(value)} {row.unit}" if value is not None else ""
        for value in (row.median, row.p95, row.slowest, row.processor)
    ]
    return [row.measure, *shown, *_verdict(row, tasks)]


def _verdict(row: Row, tasks: int) -> tuple[str, str]:
    bound = row.aim.bound(tasks) if row.aim else None
    if row.aim is None or bound is None:
        return "", ""
    value = row.value(row.aim.figure)
    sign = "≥" if row.aim.at_least else "≤"
    of = f"{row.aim.figure} " if row.p95 is not None else ""
    aim = f"{of}{sign} {bound:g} {row.unit}"
    if value is None:
        return aim, ""
    met = value >= bound if row.aim.at_least else value <= bound
    return aim, "yes" if met else "**no**"
