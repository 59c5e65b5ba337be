"""The full series of a metric, packed into blocks: one point an iteration.

A block is a header and points. While it grows it is *open*: 24 bytes a point, so that
adding a few is a concatenation. At BLOCK_POINTS it is *sealed*: sorted, stored by column as
differences and compressed, 9 to 12 bytes a point.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

BLOCK_POINTS = 1000
SINGLE_VALUE = -(2**31)  # the iteration by which the SDK marks a value without iterations

Point = tuple[int, int, float]  # iteration, microseconds since 1970, value

_HEADER = struct.Struct("<BIqqqqq")
_ROW = struct.Struct("<qqd")
_MASK = 2**64 - 1
_SIGN = 2**63

HEADER_SIZE = _HEADER.size


class Header(NamedTuple):
    """What can be known of a block without unpacking it.

    `reached` is the greatest iteration of the series when the block was written: points
    beyond it can replace none.
    """

    sealed: bool
    count: int
    least: int
    greatest: int
    reached: int
    first: int
    last: int


def header(block: bytes) -> Header:
    """Of a block, or of its first HEADER_SIZE bytes."""
    return Header._make(_HEADER.unpack_from(block))


def pack(points: Sequence[Point], reached: int, *, sealed: bool = False) -> bytes:
    """A block of these points, sealed if wanted or if there are enough to fill it."""
    sealed = sealed or len(points) >= BLOCK_POINTS
    body = _columns(points) if sealed else b"".join([_ROW.pack(*point) for point in points])
    return _head(points, sealed, len(points), reached) + body


def append(block: bytes, points: Sequence[Point]) -> bytes:
    """The open block with points more, all of iterations it does not have."""
    before = header(block)
    count = before.count + len(points)
    if count >= BLOCK_POINTS:
        stored = unpack(block)
        return pack(stored + list(points), max(before.reached, _greatest(points)))
    edges = (before.least, before.first, 0.0), (before.greatest, before.last, 0.0)
    head = _head([*edges, *points], False, count, before.reached)
    return head + block[HEADER_SIZE:] + b"".join([_ROW.pack(*point) for point in points])


def unpack(block: bytes) -> list[Point]:
    """The points of a block: in order of arrival while open, of iteration once sealed."""
    about = header(block)
    body = memoryview(block)[HEADER_SIZE:]
    if not about.sealed:
        return list(_ROW.iter_unpack(body))
    count = about.count
    columns = struct.unpack(f"<{2 * count}Q{count}d", zlib.decompress(body))
    iterations = _summed(columns[:count])
    timestamps = _summed(columns[count : 2 * count])
    return list(zip(iterations, timestamps, columns[2 * count :], strict=True))


def ordered(points: Iterable[Point]) -> list[Point]:
    """By iteration; of several of one iteration the last in `points` stays."""
    points = list(points)
    if all(before[0] < after[0] for before, after in pairwise(points)):
        return points
    newest = {point[0]: point for point in points}
    return [newest[iteration] for iteration in sorted(newest)]


def same(one: Point, other: Point) -> bool:
    """Whether they are one and the same report; NaN equals NaN here."""
    return _ROW.pack(*one) == _ROW.pack(*other)


def thin(points: Sequence[Point], samples: int) -> list[Point]:
    """At most `samples` of the points by min-max thinning: no peak and no dip gets lost.

    The points are cut into equal runs, and of each run the least and the greatest stay, as
    reported and in order. The first and the last point always stay.
    """
    if samples <= 0 or len(points) <= samples:
        return list(points)
    if samples < 4:
        return [points[0], points[-1]][-samples:] if samples < 3 else _three(points)
    runs = (samples - 2) // 2
    inner = points[1:-1]
    kept = [points[0]]
    for run in range(runs):
        part = inner[run * len(inner) // runs : (run + 1) * len(inner) // runs]
        kept += _extremes(part)
    return [*kept, points[-1]]


def _three(points: Sequence[Point]) -> list[Point]:
    return [points[0], _extremes(points[1:-1])[-1], points[-1]]


def _extremes(points: Sequence[Point]) -> list[Point]:
    """The least and the greatest point in their order; NaN only if there is nothing else."""
    numbers = [at for at, point in enumerate(points) if not math.isnan(point[2])]
    if not numbers:
        return list(points[:1])
    least = min(numbers, key=lambda at: points[at][2])
    greatest = max(numbers, key=lambda at: points[at][2])
    return [points[at] for at in sorted({least, greatest})]


def _greatest(points: Sequence[Point]) -> int:
    return max(point[0] for point in points)


def _head(points: Sequence[Point], sealed: bool, count: int, reached: int) -> bytes:
    iterations = [point[0] for point in points]
    moments = [point[1] for point in points]
    greatest = max(iterations)
    return _HEADER.pack(
        sealed,
        count,
        min(iterations),
        greatest,
        max(reached, greatest),
        min(moments),
        max(moments),
    )


def _columns(points: Sequence[Point]) -> bytes:
    iterations, timestamps, values = zip(*sorted(points), strict=True)
    count = len(points)
    return zlib.compress(
        struct.pack(
            f"<{2 * count}Q{count}d", *_differences(iterations), *_differences(timestamps), *values
        )
    )


def _differences(numbers: Sequence[int]) -> list[int]:
    """Each number less the one before, modulo 2**64: extreme iterations must not overflow."""
    return [(after - before) & _MASK for before, after in pairwise((0, *numbers))]


def _summed(differences: Sequence[int]) -> list[int]:
    sums = accumulate(differences, lambda a, b: (a + b) & _MASK)
    return [number - 2**64 if number >= _SIGN else number for number in sums]
