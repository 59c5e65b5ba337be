"""Samples over time, gathered into intervals: what workers and queues report of themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

AVERAGE = "avg"
Aggregate = Callable[[list[float]], float]
AGGREGATES: dict[str, Aggregate] = {
    AVERAGE: lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
}
MOST_POINTS = 10_000
# How long samples are kept, and workers of which nothing is heard.
KEPT = timedelta(days=30)


class Point(NamedTuple):
    """`at` in seconds since 1970."""

    at: float
    value: float


def gathered(
    points: Iterable[Point], start: float, interval: int, how: str = AVERAGE
) -> dict[int, float]:
    """Start of an interval -> what its values come to; intervals without values are left out."""
    values: dict[int, list[float]] = defaultdict(list)
    for point in points:
        values[interval_of(point.at, start, interval)].append(point.value)
    return {at: AGGREGATES[how](found) for at, found in sorted(values.items())}


def interval_of(at: float, start: float, interval: int) -> int:
    return int(start + (at - start) // interval * interval)


def numbers_in(stats: object, name: str = "") -> Iterable[tuple[str, str, float]]:
    """(metric, variant, value) of what a worker reported; a list has its places as variants."""
    if not isinstance(stats, dict):
        return
    for metric, value in stats.items():
        if name and metric != name:
            continue
        for place, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, int | float) and not isinstance(item, bool):
                yield metric, str(place) if isinstance(value, list) else "total", float(item)
