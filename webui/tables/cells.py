"""What stands in a cell: values as short text, with the exact one for the tooltip.

Everything here turns into `str` before a template sees it: Django localises each number it
renders, which is most of the time a page of numbers takes.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import NamedTuple

from experiments.rules.document import Item
from experiments.rules.redaction import MASK
from experiments.rules.values import parse_number

EXACT_LENGTH = 10
WHOLE_LENGTH = 16
TEXT_LENGTH = 100
TOOLTIP_LENGTH = 1000

_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_EXPONENT = re.compile(r"e([+-])0*(\d+)$")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Cell(NamedTuple):
    """`kind` is a CSS class; an empty tooltip means that the text is already exact.

    `href` makes it a link; `parts` are the pieces of a list, such as tags.
    """

    text: str
    title: str = ""
    kind: str = "text"
    href: str = ""
    parts: tuple[str, ...] = ()


MISSING = Cell("", kind="missing")


def shorten_number(text: str) -> str:
    """A number in at most six digits: never 0 for something else, whole numbers kept whole."""
    if len(text) <= EXACT_LENGTH or (len(text) <= WHOLE_LENGTH and _WHOLE.fullmatch(text)):
        return text
    number = parse_number(text)
    if number is None:
        return text
    if math.isinf(number) or (number == 0 and re.search(r"[1-9]", text.lower().split("e")[0])):
        return text[:EXACT_LENGTH] + "…"
    return _EXPONENT.sub(_short_exponent, f"{number:.6g}")


def _short_exponent(match: re.Match[str]) -> str:
    sign = "-" if match[1] == "-" else ""
    return f"e{sign}{match[2]}"


def number_cell(value: float | int | None) -> Cell:
    """A reported number; None is what NaN is stored as."""
    if value is None:
        return Cell("nan", kind="number")
    exact = repr(value)
    short = shorten_number(exact)
    return Cell(short, "" if short == exact else exact, "number")


def text_cell(text: str, kind: str = "text") -> Cell:
    if len(text) <= TEXT_LENGTH and "\n" not in text:
        return Cell(text, kind=kind)
    return Cell(text[:TEXT_LENGTH] + "…", tooltip(text), kind)


def tooltip(text: str) -> str:
    return text if len(text) <= TOOLTIP_LENGTH else text[:TOOLTIP_LENGTH] + "…"


def parameter_cell(item: Item | None, *, secret: bool = False) -> Cell:
    """A parameter's value. Absent, recorded without a value, and "" look different."""
    if item is None:
        return MISSING
    if secret:
        return Cell(MASK, "Masked, because it looks like a secret", "masked")
    if item.value is None:
        return Cell("", kind="absent")
    if item.value == "":
        return Cell("", kind="empty-text")
    if parse_number(item.value) is None:
        return text_cell(item.value, "value")
    short = shorten_number(item.value)
    return Cell(short, "" if short == item.value else tooltip(item.value), "number")


def time_cell(moment: datetime | None, now: datetime) -> Cell:
    if moment is None:
        return MISSING
    return Cell(relative_time(moment, now), exact_time(moment), "time")


def exact_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def relative_time(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    if seconds < -_MINUTE:
        return f"{moment:%d %b %Y, %H:%M}"
    for limit, unit, name in (
        (_MINUTE, 1, "s"),
        (_HOUR, _MINUTE, "min"),
        (_DAY, _HOUR, "h"),
        (30 * _DAY, _DAY, "d"),
    ):
        if seconds < limit:
            count = max(0, int(seconds)) // unit
            return f"{count} {name} ago" if count > 10 or name != "s" else "just now"
    return (
        f"{moment.day} {moment:%b}" if moment.year == now.year else (f"{moment.day} {moment:%b %Y}")
    )


def duration_text(seconds: int) -> str:
    """The two largest units: `2d 4h`, `1h 12m`, `3m 5s`, `42s`."""
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m {seconds % _MINUTE}s"
    if seconds < _DAY:
        return f"{seconds // _HOUR}h {seconds % _HOUR // _MINUTE}m"
    return f"{seconds // _DAY}d {seconds % _DAY // _HOUR}h"


def duration_cell(seconds: int | None) -> Cell:
    if seconds is None:
        return MISSING
    return Cell(duration_text(seconds), f"{seconds:,} seconds", "number")
