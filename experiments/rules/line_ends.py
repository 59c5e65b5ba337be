"""Line ends that a browser's field cannot keep, given back to the lines that had them.

A field has one kind of line end and sends CR LF; a patch can have both, and must be kept byte
for byte where nobody typed.
"""

from __future__ import annotations

import re
from collections import Counter

_END = re.compile(r"(\r\n|\r|\n)")


def plain(text: str) -> str:
    """The text as a field has it: every line ends with LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_line_ends_of(before: str, typed: str) -> str:
    """What was typed into a field that showed `before`, with the line ends `before` has.

    A line that is still there keeps its own; a new one ends as most lines do.
    """
    wanted = plain(typed)
    if "\r" not in before:
        return wanted
    if plain(before) == wanted:
        return before
    pieces = _END.split(before)
    old, ends = pieces[::2], [*pieces[1::2], ""]
    most = Counter(ends[:-1]).most_common(1)[0][0]
    new = wanted.split("\n")
    first = _shared(old, new)
    last = _shared(old[first:][::-1], new[first:][::-1])
    there, here = len(old) - last, len(new) - last
    known = dict(zip(old[first:there], ends[first:there], strict=True))
    kept = [*ends[:first], *(known.get(line, most) for line in new[first:here]), *ends[there:]]
    lines = zip(new[:-1], kept[:-1], strict=True)
    result = "".join(line + (end or most) for line, end in lines) + new[-1]
    # A lone CR before an empty line with LF would become one line end of the two.
    return result if plain(result) == wanted else wanted.replace("\n", most)


def _shared(one: list[str], other: list[str]) -> int:
    """How many lines both begin with."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count
