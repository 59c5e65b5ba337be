"""Which lines of a text fold away under the line before them: told by indentation.

That serves every format that people read: YAML by its nature, JSON and HOCON as they are printed.
Sections of INI and TOML fold up to the next header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.rules.formats.detection import Format

_INDENT = re.compile(r"[ \t]*+(- )?+")
_HEADER = re.compile(r"\[[^\n]*\]\s*(?:[#;].*)?$")
_TAB = 4


def folds(lines: Sequence[str], format_: Format) -> dict[int, int]:
    """For the place of each line that others fold under, the place of the last of them."""
    found: dict[int, int] = {}
    opened: list[tuple[int, int]] = []  # depth and place of the lines above, outermost first
    last = -1  # the last line that is not blank
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        depth = _depth(line, format_)
        while opened and opened[-1][0] >= depth:
            _close(found, opened.pop()[1], last)
        opened.append((depth, place))
        last = place
    while opened:
        _close(found, opened.pop()[1], last)
    return found


def _close(found: dict[int, int], place: int, last: int) -> None:
    if last > place:
        found[place] = last


def _depth(line: str, format_: Format) -> int:
    """Columns of indentation; an item of a list lies deeper than the key in whose column it is."""
    indent = _INDENT.match(line)
    blank = indent[0].removesuffix("- ") if indent else ""
    depth = 2 * len(blank.expandtabs(_TAB))
    if format_ in {Format.INI, Format.TOML}:
        return 0 if _HEADER.match(line) else depth + 1
    return depth + bool(indent and indent[1])
