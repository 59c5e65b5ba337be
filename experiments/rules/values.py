"""What kind of thing a parameter's text is: number, boolean or text.

The text itself is never changed; this only decides how the index compares it. Parsed once
on write, in Python, because a database cast fails on `1e999` and knows other notations.
"""

from __future__ import annotations

import math
import re

INDEXED_TEXT_LENGTH = 200

# No two repetitions of digits side by side: a long text would take quadratic time.
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LEADING_ZERO = re.compile(r"[+-]?0\d", re.ASCII)
_INFINITE = {
    "inf": math.inf,
    "+inf": math.inf,
    "-inf": -math.inf,
    "infinity": math.inf,
    "+infinity": math.inf,
    "-infinity": -math.inf,
}
_BOOLEANS = {"True": True, "False": False, "true": True, "false": False}
_TEXT_TYPES = {"str", "string", "STRING", "TEXT", "text"}

IndexValue = float | bool | str


def parse_number(text: str) -> float | None:
    """The float a text stands for, `inf` included; None when it is no number (or NaN)."""
    if len(text) > 400:
        # Still a number when it is one: only its rank matters here, the text is kept.
        return float(text) if _NUMBER.fullmatch(text) else None
    if _NUMBER.fullmatch(text):
        return float(text)
    return _INFINITE.get(text.lower())


def index_value(text: str | None, type_: str | None) -> IndexValue | None:
    """What stands in the parameter index for a value; None: nothing (no value recorded).

    A text-typed value is a number only when it is written like one (`0.10`, not `007`),
    because scripts often pass numbers as text and people expect them to sort.
    """
    if text is None:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    number = parse_number(text)
    if number is not None and not (
        type_ in _TEXT_TYPES and (_LEADING_ZERO.match(text) or math.isinf(number))
    ):
        return number
    return text[:INDEXED_TEXT_LENGTH]
