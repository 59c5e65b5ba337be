"""What differs between two texts line by line, in a time that does not explode.

Lines that both begin or end with are set aside; lines that each text has once hold the rest
together; what lies between those is compared by difflib, as long as that is affordable.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

_DEEPEST = 12
_EFFORT = 4_000_000  # pairs of equal lines times lines: a second or two of difflib
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 400
_LONGEST = 2_000


class Block(NamedTuple):
    """Lines `old_start` to `old_end` of one text became `new_start` to `new_end` of the other."""

    equal: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


class Piece(NamedTuple):
    text: str
    differs: bool


@dataclass(slots=True)
class Effort:
    """How much comparing is still affordable; `spent` once something had to be left whole."""

    left: int = _EFFORT
    spent: bool = False

    def allows(self, old: Sequence[str], new: Sequence[str]) -> bool:
        there = Counter(new)
        pairs = sum(there[line] for line in old)
        if not pairs:
            return False
        cost = (pairs + len(old) + len(new)) * min(len(old), len(new))
        if cost > self.left:
            self.spent = True
            return False
        self.left -= cost
        return True


@dataclass(slots=True)
class _Work:
    """A stretch of both texts that is still to be compared, how deep between anchors it lies."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    depth: int = 0


@dataclass(slots=True)
class LineDiff:
    """`rough`: some stretch was too big to be compared and counts as changed as a whole."""

    blocks: list[Block] = field(default_factory=list)
    rough: bool = False


def line_diff(old: Sequence[str], new: Sequence[str]) -> LineDiff:
    """The blocks of both, alternating between equal and not, from first to last."""
    effort = Effort()
    matches = sorted(_matches(old, new, effort))
    return LineDiff(list(_blocks(matches, len(old), len(new))), effort.spent)


def word_pieces(old: str, new: str, effort: Effort) -> tuple[list[Piece], list[Piece]]:
    """Two versions of a line, the words that differ told apart."""
    if max(len(old), len(new)) > _LONGEST:
        return [Piece(old, True)], [Piece(new, True)]
    words = _WORD.findall(old), _WORD.findall(new)
    if max(map(len, words)) > _MOST_WORDS or not effort.allows(*words):
        return [Piece(old, True)], [Piece(new, True)]
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, *ends in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side in (0, 1):
            text = "".join(words[side][ends[2 * side] : ends[2 * side + 1]])
            if text:
                pieces[side].append(Piece(text, tag != "equal"))
    return pieces


def _matches(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[Block]:
    """The equal stretches, in any order."""
    waiting = [_Work(0, len(old), 0, len(new))]
    while waiting:
        work = waiting.pop()
        yield from _trimmed(old, new, work)
        if work.old_start == work.old_end or work.new_start == work.new_end:
            continue
        anchors = _anchors(old, new, work) if work.depth < _DEEPEST else []
        if anchors:
            runs = list(_runs(anchors))
            yield from runs
            waiting += _between(runs, work)
            continue
        parts = old[work.old_start : work.old_end], new[work.new_start : work.new_end]
        if effort.allows(*parts):
            for at, to, size in SequenceMatcher(None, *parts, autojunk=False).get_matching_blocks():
                start, end = work.old_start + at, work.new_start + to
                yield Block(True, start, start + size, end, end + size)


def _trimmed(old: Sequence[str], new: Sequence[str], work: _Work) -> Iterator[Block]:
    """Takes off what both begin and end with."""
    limit = min(work.old_end - work.old_start, work.new_end - work.new_start)
    first = 0
    while first < limit and old[work.old_start + first] == new[work.new_start + first]:
        first += 1
    last = 0
    while last < limit - first and old[work.old_end - 1 - last] == new[work.new_end - 1 - last]:
        last += 1
    yield Block(True, work.old_start, work.old_start + first,
                work.new_start, work.new_start + first)  # fmt: skip
    yield Block(True, work.old_end - last, work.old_end, work.new_end - last, work.new_end)
    work.old_start += first
    work.new_start += first
    work.old_end -= last
    work.new_end -= last


def _anchors(old: Sequence[str], new: Sequence[str], work: _Work) -> list[tuple[int, int]]:
    """Places of lines that each has exactly once, as many as stand in the same order."""
    once_old = _once(old, work.old_start, work.old_end)
    once_new = _once(new, work.new_start, work.new_end)
    pairs = [(at, once_new[line]) for line, at in once_old.items() if line in once_new]
    return _rising(pairs)


def _once(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    counts = Counter(lines[start:end])
    return {lines[at]: at for at in range(start, end) if counts[lines[at]] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, given in the order of the first, that rises in the second too."""
    ends: list[int] = []  # the smallest second that a run of each length ends with
    holders: list[int] = []  # which pair that is
    before: list[int] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(holders[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        holders[length : length + 1] = [place]
    found = []
    place = holders[-1] if holders else -1
    while place >= 0:
        found.append(pairs[place])
        place = before[place]
    return found[::-1]


def _runs(anchors: list[tuple[int, int]]) -> Iterator[Block]:
    """Anchors that follow each other line by line, as one equal stretch."""
    start, to = anchors[0]
    size = 0
    for old, new in anchors:
        if (old, new) != (start + size, to + size):
            yield Block(True, start, start + size, to, to + size)
            start, to, size = old, new, 0
        size += 1
    yield Block(True, start, start + size, to, to + size)


def _between(runs: list[Block], work: _Work) -> Iterator[_Work]:
    at, to = work.old_start, work.new_start
    for run in runs:
        yield _Work(at, run.old_start, to, run.new_start, work.depth + 1)
        at, to = run.old_end, run.new_end
    yield _Work(at, work.old_end, to, work.new_end, work.depth + 1)


def _blocks(matches: list[Block], old_end: int, new_end: int) -> Iterator[Block]:
    """Equal stretches joined where they touch, and what lies between them."""
    at = to = 0
    joined: Block | None = None
    for match in [*matches, Block(True, old_end, old_end, new_end, new_end)]:
        if match.old_start == match.old_end and match.old_end < old_end:
            continue
        if match.old_start > at or match.new_start > to:
            if joined:
                yield joined
                joined = None
            yield Block(False, at, match.old_start, to, match.new_start)
        if match.old_end > match.old_start:
            joined = (
                joined._replace(old_end=match.old_end, new_end=match.new_end) if joined else match
            )
        at, to = match.old_end, match.new_end
    if joined:
        yield joined
