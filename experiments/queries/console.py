"""The console as a whole: every line for a download, and the lines that contain a text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from operator import attrgetter

from experiments.models import Task
from experiments.queries.events import LogPage, log_count
from experiments.queries.stretches import log_stretches
from experiments.queries.timeline import Entry, Position, Stretch, position_from
from experiments.rules.ansi import plain
from experiments.rules.logs import Line

_position = attrgetter("position")


def whole_log(task: Task) -> Iterator[Line]:
    """All lines from the oldest on, read block by block while they are asked for."""
    return (entry.content for entry in _in_order(list(log_stretches(task))))


def log_found(task: Task, text: str, *, limit: int, before: str | None = None) -> LogPage:
    """The newest reports, or those before a cursor, in which `text` can be read."""
    start = position_from(before, "cursor") if before else None
    wanted = text.casefold()
    entries = _in_order(list(log_stretches(task)), earlier=True, start=start)
    found = list(islice((e for e in entries if _contains(e.content, wanted)), limit + 1))
    page = found[:limit][::-1]
    return LogPage(
        [entry.content for entry in page],
        first=str(page[0].position) if page else None,
        last=str(page[-1].position) if page else None,
        has_earlier=len(found) > limit,
        has_later=before is not None,
        total=log_count(task),
    )


def _contains(line: Line, wanted: str) -> bool:
    # Most reports are ruled out by what is left of colours between the letters.
    message = line.message
    return wanted in (plain(message) if "\x1b" in message else message).casefold()


def _in_order(
    stretches: list[Stretch], *, earlier: bool = False, start: Position | None = None
) -> Iterator[Entry]:
    """The entries of blocks that may overlap, one block in memory where they do not."""
    if start is not None:
        stretches = [stretch for stretch in stretches if stretch.first <= start.moment]
    ordered = sorted(stretches, key=attrgetter("last" if earlier else "first"), reverse=earlier)
    waiting: list[Entry] = []
    for stretch, following in zip_longest(ordered, ordered[1:]):
        new = (e for e in stretch.read() if start is None or e.position < start)
        waiting = sorted(chain(waiting, new), key=_position, reverse=earlier)
        ready = len(waiting) if following is None else _ready(waiting, following, earlier)
        yield from waiting[:ready]
        del waiting[:ready]


def _ready(waiting: list[Entry], following: Stretch, earlier: bool) -> int:
    """How many entries nothing in the following block, or behind it, can come before."""
    moments = [entry.position.moment for entry in waiting]
    if earlier:
        return sum(moment > following.last for moment in moments)
    return sum(moment < following.first for moment in moments)
