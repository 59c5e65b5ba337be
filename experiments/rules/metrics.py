"""How reported scalars update the summary of their series (PROTOCOL of the SDK).

NaN counts and may be first, last or spoil the mean; it is neither least nor greatest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from experiments.rules.series import Point

# What the SDK's monitor reports by the clock: its iterations are seconds.
MACHINE_METRICS = frozenset({":monitor:machine", ":monitor:gpu"})
MAX_SERIES = 2000  # metric/variant pairs a task may have


@dataclass(frozen=True, slots=True)
class Summary:
    """First, last, least, greatest and mean of a series; min and max None while all is NaN."""

    value: float
    value_iteration: int
    min_value: float | None
    min_value_iteration: int | None
    max_value: float | None
    max_value_iteration: int | None
    first_value: float
    first_value_iteration: int
    mean_value: float
    count: int


def summarize(points: Sequence[Point]) -> Summary:
    """The summary of one batch, in whatever order its points came."""
    newest = max(reversed(points), key=_moment)  # of equal moments the one reported last
    first = min(points, key=_moment)
    numbers = [point for point in points if not math.isnan(point[2])]
    least = min(numbers, key=_value, default=None)
    greatest = max(numbers, key=_value, default=None)
    return Summary(
        value=newest[2],
        value_iteration=newest[0],
        min_value=least and least[2],
        min_value_iteration=least and least[0],
        max_value=greatest and greatest[2],
        max_value_iteration=greatest and greatest[0],
        first_value=first[2],
        first_value_iteration=first[0],
        mean_value=_mean([point[2] for point in points]),
        count=len(points),
    )


def update(stored: Summary, batch: Summary) -> Summary:
    """`stored` after one more batch. The batch's last value is the last, even a late one."""
    least, greatest, first = stored, stored, stored
    if _less(batch.min_value, stored.min_value):
        least = batch
    if _greater(batch.max_value, stored.max_value):
        greatest = batch
    if batch.first_value_iteration < stored.first_value_iteration:
        first = batch
    return Summary(
        value=batch.value,
        value_iteration=batch.value_iteration,
        min_value=least.min_value,
        min_value_iteration=least.min_value_iteration,
        max_value=greatest.max_value,
        max_value_iteration=greatest.max_value_iteration,
        first_value=first.first_value,
        first_value_iteration=first.first_value_iteration,
        mean_value=_joint_mean(stored, batch),
        count=stored.count + batch.count,
    )


def _less(one: float | None, other: float | None) -> bool:
    return one is not None and (other is None or one < other)


def _greater(one: float | None, other: float | None) -> bool:
    return one is not None and (other is None or one > other)


def _moment(point: Point) -> tuple[int, int]:
    return point[0], point[1]


def _value(point: Point) -> float:
    return point[2]


def _mean(values: Sequence[float]) -> float:
    if not all(map(math.isfinite, values)):
        return sum(values)  # inf, -inf or nan, as arithmetic has it
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        return math.fsum(value / len(values) for value in values)


def _joint_mean(one: Summary, other: Summary) -> float:
    if not (math.isfinite(one.mean_value) and math.isfinite(other.mean_value)):
        return one.mean_value + other.mean_value
    total = one.count + other.count
    weighted = one.mean_value * one.count + other.mean_value * other.count
    if math.isfinite(weighted):
        return weighted / total
    return one.mean_value * (one.count / total) + other.mean_value * (other.count / total)
