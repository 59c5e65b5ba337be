"""What a terminal would show of console text: coloured segments, line by line.

Colours and weights become the names of CSS classes; every other escape sequence moves a cursor
or names a window and leaves nothing to read. Of a progress bar stays its last state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

# A sequence ends with its line at the latest, so that a broken one hides no more than that.
_TOKEN = re.compile(
    r"""\x1b\[(?P<sgr>[\d;:]*)m
      | (?P<line>\n)
      | (?P<start>\r)
      | (?P<dropped>
            \x1b\[[0-?]*[ -/]*[@-~]?              # cursor, erasing, modes; also cut off
          | \x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)? # window title, link
          | \x1b[PX^_][^\x1b\n]*(?:\x1b\\)?      # strings for the terminal itself
          | \x1b[ -/]*[0-~]?
          | [\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]
        )
    """,
    re.VERBOSE,
)
_ON = {
    1: "bold",
    2: "faint",
    3: "italic",
    4: "underline",
    7: "inverse",
    9: "strike",
    21: "underline",
}
_OFF = {22: {"bold", "faint"}, 23: {"italic"}, 24: {"underline"}, 27: {"inverse"}, 29: {"strike"}}
_GREY, _BLACK, _WHITE, _BRIGHT_WHITE = 8, 0, 7, 15
_HUES = (1, 3, 2, 6, 4, 5)  # red, yellow, green, cyan, blue, magenta: every 60 degrees
_STEPS = (0, 95, 135, 175, 215, 255)  # of the cube in a palette of 256 colours


class Segment(NamedTuple):
    """`classes` is a list for an HTML attribute: `ansi-bold ansi-fg-1`. Colours are 0 to 15."""

    classes: str
    text: str


Line = list[Segment]


@dataclass(frozen=True, slots=True)
class Style:
    marks: frozenset[str] = frozenset()
    foreground: int | None = None
    background: int | None = None

    def classes(self) -> str:
        names = sorted(self.marks)
        if self.foreground is not None:
            names.append(f"fg-{self.foreground}")
        if self.background is not None:
            names.append(f"bg-{self.background}")
        return " ".join(f"ansi-{name}" for name in names)


PLAIN = Style()

_Parts = list[tuple[Style, str]]


def lines_of(text: str) -> list[Line]:
    """The lines of a text, each as its segments; a line end at the very end begins no line."""
    lines: list[_Parts] = [[]]
    style, over = PLAIN, False  # `over`: what comes next overwrites the line from its start
    for kind, part in _tokens(text):
        if kind == "text":
            if over:
                lines[-1], over = [], False
            lines[-1].append((style, part))
        elif kind == "sgr":
            style = _applied(style, part)
        elif kind == "start":
            over = True
        elif kind == "line":
            lines.append([])
            over = False
    if not lines[-1] and len(lines) > 1:
        lines.pop()
    return [_joined(parts) for parts in lines]


def plain(text: str) -> str:
    """The text as it reads, without colours."""
    return "\n".join("".join(part for _, part in line) for line in lines_of(text))


def _joined(parts: _Parts) -> Line:
    """Neighbours of one style are one segment."""
    return [
        Segment(style.classes(), "".join(part for _, part in run))
        for style, run in groupby(parts, key=itemgetter(0))
    ]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    for match in _TOKEN.finditer(text):
        if match.start() > place:
            yield "text", text[place : match.start()]
        yield str(match.lastgroup), match["sgr"] or ""
        place = match.end()
    if place < len(text):
        yield "text", text[place:]


def _applied(style: Style, codes: str) -> Style:
    """`38;5;9` and `38:5:9` are the same colour; in the second form nothing else follows it."""
    numbers = [int(code[:4] or 0) for code in re.split("[;:]", codes)]
    place = 0
    while place < len(numbers):
        code = numbers[place]
        place += 1
        if code in {38, 48}:
            colour, used = _extended(numbers[place:])
            place += used
            part = "foreground" if code == 38 else "background"
            style = style if colour is None else replace(style, **{part: colour})
        else:
            style = _simple(style, code)
    return style


def _simple(style: Style, code: int) -> Style:
    if code == 0:
        return PLAIN
    if code in _ON:
        return replace(style, marks=style.marks | {_ON[code]})
    if code in _OFF:
        return replace(style, marks=style.marks - _OFF[code])
    if code in {39, 49}:
        return replace(style, **{"foreground" if code == 39 else "background": None})
    for start, bright in ((30, 0), (90, 8)):
        if start <= code <= start + 7:
            return replace(style, foreground=code - start + bright)
        if start + 10 <= code <= start + 17:
            return replace(style, background=code - start - 10 + bright)
    return style


def _extended(rest: Sequence[int]) -> tuple[int | None, int]:
    """One of the 16 colours for `5;n` or `2;r;g;b`, and how many numbers that took."""
    if len(rest) >= 2 and rest[0] == 5:
        return _of_palette(rest[1]), 2
    if len(rest) >= 4 and rest[0] == 2:
        return nearest(rest[1], rest[2], rest[3]), 4
    return None, len(rest)


def _of_palette(number: int) -> int | None:
    if number < 16:
        return number
    if number < 232:
        cube = number - 16
        return nearest(*(_STEPS[cube // size % 6] for size in (36, 6, 1)))
    return nearest(*[8 + 10 * (number - 232)] * 3) if number < 256 else None


def nearest(red: int, green: int, blue: int) -> int:
    """The one of the 16 colours with about the same hue; pages have a palette of their own."""
    least, most = min(red, green, blue), max(red, green, blue)
    spread = most - least
    if spread * 4 <= most:
        greys = ((56, _BLACK), (144, _GREY), (224, _WHITE))
        return next((grey for limit, grey in greys if most < limit), _BRIGHT_WHITE)
    if most == red:
        sector = (green - blue) / spread
    elif most == green:
        sector = 2 + (blue - red) / spread
    else:
        sector = 4 + (red - green) / spread
    return _HUES[round(sector) % 6]
