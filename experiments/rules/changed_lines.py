"""Which lines of a text were changed, for a glance: the first of them, not a whole diff."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

# Beyond what both begin and end with, so many lines are compared: more would take too long.
WINDOW = 40


class ChangedLines(NamedTuple):
    """From line `start` (counted from 1) on `old` lines went and `new` came; `more` did too.

    `before` are the lines above them, which tell whether they belong to a secret.
    """

    start: int
    old: list[str]
    new: list[str]
    more: bool
    before: list[str]


def changed_lines(old: str, new: str, *, most: int, before: int, cut: bool = False) -> ChangedLines:
    """`cut` says that the texts are beginnings, so that their ends mean nothing."""
    one, other = _lines(old), _lines(new)
    first = _shared(one, other)
    last = 0 if cut else _shared(one[first:][::-1], other[first:][::-1])
    gone, come = one[first : len(one) - last], other[first : len(other) - last]
    open_end = cut or len(gone) > WINDOW or len(come) > WINDOW
    went, came = _compared(gone[:WINDOW], come[:WINDOW], open_end=open_end)
    more = open_end or len(went) > most or len(came) > most
    above = one[max(0, first - before) : first]
    return ChangedLines(first + 1, went[:most], came[:most], more, above)


def _compared(gone: list[str], come: list[str], *, open_end: bool) -> tuple[list[str], list[str]]:
    changes = SequenceMatcher(None, gone, come, autojunk=False).get_opcodes()
    if open_end and len(changes) > 1 and changes[-1][0] != "equal":
        changes.pop()  # it is where the window ends, not where the texts differ
    differing = [change for change in changes if change[0] != "equal"]
    went = [line for _, start, end, _, _ in differing for line in gone[start:end]]
    came = [line for _, _, _, start, end in differing for line in come[start:end]]
    return went, came


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
