"""Two texts of configuration objects beside each other: by key path, or line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.utils.html import format_html_join

from experiments.rules.formats.detection import Format
from experiments.rules.formats.tree import MAX_LENGTH
from experiments.rules.line_diff import Block, Effort, Piece, line_diff, word_pieces
from experiments.rules.secret_text import masked
from webui.configuration.marks import shown
from webui.configuration.object_text import LONGEST, lines_of

ROWS = 1_500
CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, its text and format."""

    label: str
    text: str
    shape: Format


@dataclass(frozen=True, slots=True)
class DiffRow:
    """`kind`: same, removed, added, changed, or gap, which hides `hidden` equal lines.

    `old` and `new` are markup; a number is empty where the side has no such line.
    """

    kind: str
    old_number: str = ""
    new_number: str = ""
    old: str = ""
    new: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class ObjectDiff:
    """`more`: there are further rows, beginning with `next`. `note` says what rows cannot."""

    old: Side
    new: Side
    rows: list[DiffRow] = field(default_factory=list)
    split: bool = False
    removed: int = 0
    added: int = 0
    note: str = ""
    next: str = ""
    gaps: bool = False


class _Place(NamedTuple):
    """A row before it is drawn: places of its lines, -1 for none; of a gap, how many it hides."""

    kind: str
    old: int
    new: int
    hidden: int = 0


def line_view(
    old: Side, new: Side, *, split: bool = False, whole: bool = False, start: int = 0
) -> ObjectDiff:
    """The lines of both: compared as they are, shown without their secrets."""
    lines = lines_of(old.text), lines_of(new.text)
    found = line_diff(*lines)
    places = islice(_places(found.blocks, split=split, whole=whole), start, start + ROWS + 1)
    drawn = list(places)
    changed = [block for block in found.blocks if not block.equal]
    return ObjectDiff(
        old=old,
        new=new,
        rows=list(_drawn(drawn[:ROWS], old.text, new.text, split)),
        split=split,
        removed=sum(block.old_end - block.old_start for block in changed),
        added=sum(block.new_end - block.new_start for block in changed),
        note=_note(old.text, new.text, changed=bool(changed), rough=found.rough),
        next=str(start + ROWS) if len(drawn) > ROWS else "",
        gaps=any(place.kind == "gap" for place in drawn),
    )


def why_by_lines(old: Side, new: Side) -> str:
    """Why two texts cannot be compared by key path without reading them; empty when they can."""
    for side in (old, new):
        if side.shape not in MAX_LENGTH:
            return f"{side.label} is {side.shape}, which has no keys to compare by."
        if len(side.text) > MAX_LENGTH[side.shape]:
            return f"{side.label} is too long to be compared by key."
    return ""


def _note(old: str, new: str, *, changed: bool, rough: bool) -> str:
    if rough:
        return (
            "They differ so much that some stretches were not compared line by line; those count"
            " as changed as a whole."
        )
    if old == new:
        return "They are the same."
    return "" if changed else "They differ only in whether the last line ends with a line end."


def _places(blocks: Sequence[Block], *, split: bool, whole: bool) -> Iterator[_Place]:
    for number, block in enumerate(blocks):
        if block.equal:
            first, last = number == 0, number == len(blocks) - 1
            yield from _equal(block, 0 if first else CONTEXT, 0 if last else CONTEXT, whole)
        elif split:
            yield from _beside(block)
        else:
            yield from _below(block)


def _equal(block: Block, before: int, after: int, whole: bool) -> Iterator[_Place]:
    """The lines next to changes; what lies between is a gap, if it is longer than its own row."""
    size = block.old_end - block.old_start
    hidden = 0 if whole or size - before - after < 2 else size - before - after
    for at in range(before if hidden else size):
        yield _Place("same", block.old_start + at, block.new_start + at)
    if hidden:
        yield _Place("gap", block.old_start + before, block.new_start + before, hidden)
        for at in range(size - after, size):
            yield _Place("same", block.old_start + at, block.new_start + at)


def _beside(block: Block) -> Iterator[_Place]:
    old = range(block.old_start, block.old_end)
    new = range(block.new_start, block.new_end)
    both = min(len(old), len(new))
    for at, to in zip(old, new, strict=False):
        yield _Place("changed", at, to)
    for at in old[both:]:
        yield _Place("removed", at, -1)
    for to in new[both:]:
        yield _Place("added", -1, to)


def _below(block: Block) -> Iterator[_Place]:
    """First what is gone, then what came; a line that has a counterpart knows it."""
    both = min(block.old_end - block.old_start, block.new_end - block.new_start)
    for count, at in enumerate(range(block.old_start, block.old_end)):
        yield _Place("removed", at, block.new_start + count if count < both else -1)
    for count, to in enumerate(range(block.new_start, block.new_end)):
        yield _Place("added", block.old_start + count if count < both else -1, to)


def _drawn(places: list[_Place], old: str, new: str, split: bool) -> Iterator[DiffRow]:
    lines = lines_of(masked(old)), lines_of(masked(new))
    # Where all lines of both end with CR LF, that is nothing to look at.
    ends = "\r\n" in old and "\r\n" in new
    effort = Effort()
    for kind, at, to, hidden in places:
        if kind == "gap":
            yield DiffRow(kind, hidden=f"{hidden:,}")
            continue
        texts = [
            _cut(side[place], ends=ends) if place >= 0 else ""
            for side, place in zip(lines, (at, to), strict=True)
        ]
        marked = ["", ""]
        if kind == "same" or at < 0 or to < 0:
            marked = [shown(text) for text in texts]
        else:
            marked = [_words(pieces) for pieces in word_pieces(*texts, effort)]
        has_old = at >= 0 and (split or kind != "added")
        has_new = to >= 0 and (split or kind != "removed")
        yield DiffRow(
            kind,
            old_number=str(at + 1) if has_old else "",
            new_number=str(to + 1) if has_new else "",
            old=marked[0] if has_old else "",
            new=marked[1] if has_new else "",
        )


def _cut(line: str, *, ends: bool) -> str:
    line = line.removesuffix("\r") if ends else line
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def _words(pieces: list[Piece]) -> str:
    # A line that differs as a whole needs no marks inside.
    if all(piece.differs for piece in pieces):
        return shown("".join(piece.text for piece in pieces))
    texts = [(shown(piece.text), piece.differs) for piece in pieces]
    return format_html_join(
        "", "{}{}", ((text, "") if not differs else ("", _mark(text)) for text, differs in texts)
    )


def _mark(text: str) -> str:
    return format_html_join("", "<mark>{}</mark>", [(text,)])
