"""Console text for a page: terminal colours as CSS classes, progress bars as they ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.utils.html import format_html_join

from experiments.rules.logs import Line

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLOUR = re.compile(r"\x1b\[([\d;]*)m")
# Other sequences move the cursor or name a window: they leave nothing to see.
_OTHER = re.compile(
    r"\x1b(?:\[[\d;?]*[A-Za-ln-z@`]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[()][A-Z0-9]|[=>78])"
)
_LEVELS = {
    "warning": "warning", "warn": "warning", "error": "failure", "critical": "failure",
    "fatal": "failure",
}
_STYLES = {1: "bold", 2: "faint-text", 3: "italic", 4: "underlined"}


class ConsoleLine(NamedTuple):
    time: str
    exact: str
    level: str
    text: str


def console_lines(lines: list[Line]) -> list[ConsoleLine]:
    return [_shown(line) for line in lines]


def _shown(line: Line) -> ConsoleLine:
    moment = _EPOCH + timedelta(microseconds=line.timestamp)
    return ConsoleLine(
        time=f"{moment:%H:%M:%S}",
        exact=f"{moment:%Y-%m-%d %H:%M:%S} UTC" + (f", {line.worker}" if line.worker else ""),
        level=_LEVELS.get((line.level or "").lower(), ""),
        text=format_html_join("", '<span class="{}">{}</span>', _coloured(line.message)),
    )


def _coloured(message: str) -> Iterator[tuple[str, str]]:
    text = "\n".join(_as_it_ended(part) for part in _OTHER.sub("", message).split("\n"))
    classes: dict[str, str] = {}
    start = 0
    for match in _COLOUR.finditer(text):
        if match.start() > start:
            yield " ".join(classes.values()), text[start : match.start()]
        _apply(match[1], classes)
        start = match.end()
    yield " ".join(classes.values()), text[start:]


def _as_it_ended(line: str) -> str:
    """A terminal starts over at a carriage return; what stood last is what one saw."""
    return line.rstrip("\r").rpartition("\r")[2]


def _apply(codes: str, classes: dict[str, str]) -> None:
    numbers = [int(code) for code in codes.split(";") if code] or [0]
    for place, code in enumerate(numbers):
        if code == 0:
            classes.clear()
        elif code in {38, 48}:
            # 256 colours and true colours are left as plain text.
            del classes, numbers[place:]
            return
        elif code in _STYLES:
            classes[_STYLES[code]] = _STYLES[code]
        elif code in {22, 23, 24}:
            for name in {22: ("bold", "faint-text"), 23: ("italic",), 24: ("underlined",)}[code]:
                classes.pop(name, None)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            classes["colour"] = f"ansi-{code % 10}"
        elif code == 39:
            classes.pop("colour", None)
