"""Reads what was reported in order of time, a page at a time, from blocks that may overlap.

Pages start at a position, not at a number: what arrives meanwhile moves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from experiments.errors import InvalidField

_POSITION = re.compile(r"(-?\d{1,19})-(\d)-(\d{1,19})-(-?\d{1,19})")


class Position(NamedTuple):
    """Where something stands: microseconds, then whatever tells apart what shares them."""

    moment: int
    source: int
    major: int
    minor: int

    def __str__(self) -> str:
        return "-".join(map(str, self))


class Entry(NamedTuple):
    position: Position
    content: Any


class Stretch(NamedTuple):
    """A block: the first and last moment in it, and how to read it."""

    first: int
    last: int
    read: Callable[[], Iterable[Entry]]


def position_from(cursor: str, field: str) -> Position:
    """A position from the text a client got of it. Raises InvalidField."""
    found = _POSITION.fullmatch(cursor)
    if found is None:
        raise InvalidField(f"{field} is not one that this server gave", field=field)
    return Position._make(map(int, found.groups()))


def before(moment: int) -> Position:
    """Ahead of everything that stands at the moment."""
    return Position(moment, -1, 0, 0)


def after(moment: int) -> Position:
    """Behind everything that stands at the moment."""
    return Position(moment, 10, 0, 0)


def walk(
    stretches: Iterable[Stretch],
    *,
    limit: int,
    start: Position | None = None,
    earlier: bool = False,
    whole_moments: bool = False,
) -> list[Entry]:
    """The next `limit` entries beyond `start`, in the direction of the walk.

    Reads only the blocks that can hold them. `whole_moments` goes on to the end of the
    last moment, for clients that know of nothing finer than moments.
    """
    found: list[Entry] = []
    for stretch in _in_order(stretches, start, earlier):
        if len(found) >= limit:
            moment = found[limit - 1].position.moment
            if moment > stretch.last if earlier else moment < stretch.first:
                break
        found += [entry for entry in stretch.read() if _beyond(entry.position, start, earlier)]
        found.sort(key=lambda entry: entry.position, reverse=earlier)
    if whole_moments and len(found) > limit:
        moment = found[limit - 1].position.moment
        return found[:limit] + [e for e in found[limit:] if e.position.moment == moment]
    return found[:limit]


def _in_order(
    stretches: Iterable[Stretch], start: Position | None, earlier: bool
) -> Iterator[Stretch]:
    if earlier:
        for stretch in sorted(stretches, key=lambda stretch: stretch.last, reverse=True):
            if start is None or stretch.first <= start.moment:
                yield stretch
    else:
        for stretch in sorted(stretches, key=lambda stretch: stretch.first):
            if start is None or stretch.last >= start.moment:
                yield stretch


def _beyond(position: Position, start: Position | None, earlier: bool) -> bool:
    return start is None or (position < start if earlier else position > start)
