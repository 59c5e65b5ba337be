"""Many values in one field: how a person writes what several drafts are to be tried with.

    0.1, 0.01, 0.001        a list
    1..9 step 2             a range with a step: 1, 3, 5, 7, 9
    0..1 x5                 so many values, evenly spaced, both ends included
    log 1e-4..1e-2 x5       so many values, evenly spaced in the exponent

The ends and the number are counted before anything is made, so that a range of a million values
costs nothing to refuse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from experiments.errors import InvalidField
from experiments.rules.types import Kind, read_type, type_error

MOST = 1000

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(
    rf"(?P<log>log\s+)?(?P<first>{_NUMBER})\s*\.\.\s*(?P<last>{_NUMBER})"
    rf"(?:\s+step\s+(?P<step>{_NUMBER})|\s*[x×]\s*(?P<count>\d{{1,9}}))?",
    re.IGNORECASE,
)
_LOOKS_LIKE_RANGE = re.compile(rf"\s*(?:log\s+\S|{_NUMBER}\s*\.\.)", re.IGNORECASE)
_BRACKETS = {"[": "]", "{": "}", "(": ")"}
_MOST_DIGITS = 40


class Together(StrEnum):
    """`grid`: every value with every other; `zip`: the first with the first, and so on."""

    GRID = "grid"
    ZIP = "zip"


class Variation(NamedTuple):
    """The texts one parameter is to have, in the order they were written."""

    key: str
    values: tuple[str, ...]


def read_values(
    key: str, text: str, type_: str | None, description: str | None = None
) -> Variation:
    """The values a field asks for. Raises InvalidField that names the parameter."""
    values = tuple(dict.fromkeys(_values(key, text, type_)))
    for value in values:
        if wrong := type_error(value, type_, description=description):
            raise InvalidField(f"{key} {wrong}", field=key)
    return Variation(key, values)


def count(variations: Sequence[Variation], together: Together) -> int:
    """How many drafts there will be. Raises InvalidField where they cannot be paired."""
    sizes = [len(variation.values) for variation in variations]
    if together is Together.GRID:
        return math.prod(sizes)
    several = {size for size in sizes if size > 1}
    if len(several) > 1:
        lengths = ", ".join(f"{v.key} has {len(v.values):,}" for v in variations)
        raise InvalidField(
            f"to be paired, every list must be equally long; {lengths}", field=variations[0].key
        )
    return max(sizes, default=1)


def combinations(
    variations: Sequence[Variation], together: Together
) -> Iterator[Mapping[str, str]]:
    """The values of each draft. Raises InvalidField for more than MOST of them."""
    number = count(variations, together)
    if number > MOST:
        raise InvalidField(
            f"that makes {number:,} drafts, at most {MOST:,} are possible at once",
            field=variations[0].key,
        )
    keys = [variation.key for variation in variations]
    if together is Together.GRID:
        rows = product(*(variation.values for variation in variations))
    else:
        # A parameter with one value has it in every draft.
        columns = [
            variation.values * number if len(variation.values) == 1 else variation.values
            for variation in variations
        ]
        rows = zip(*columns, strict=True)
    return (dict(zip(keys, row, strict=True)) for row in rows)


def _values(key: str, text: str, type_: str | None) -> list[str]:
    found = _RANGE.fullmatch(text.strip())
    if found and (found["step"] or found["count"]):
        return _of_range(key, found, whole=read_type(type_).kind is Kind.INTEGER)
    if found and found["log"]:
        raise InvalidField(f"{key}: a log range needs a number of values, as in x5", field=key)
    if found:
        if read_type(type_).kind is not Kind.INTEGER:
            raise InvalidField(
                f"{key}: the range needs a step or a number of values, as in 0..1 x5", field=key
            )
        return _stepped(key, Decimal(found["first"]), Decimal(found["last"]), Decimal(1))
    if _LOOKS_LIKE_RANGE.match(text) and read_type(type_).kind in {Kind.INTEGER, Kind.NUMBER}:
        raise InvalidField(
            f"{key}: expected a range such as 1..9 step 2, 0..1 x5 or log 1e-4..1e-2 x5", field=key
        )
    return _listed(key, text)


def _of_range(key: str, found: re.Match[str], *, whole: bool) -> list[str]:
    first, last = (_decimal(key, found[end]) for end in ("first", "last"))
    if found["step"]:
        if found["log"]:
            raise InvalidField(f"{key}: a log range has a number of values, no step", field=key)
        return _stepped(key, first, last, _decimal(key, found["step"]))
    number = int(found["count"])
    _limit(key, number)
    if found["log"]:
        if first <= 0 or last <= 0:
            raise InvalidField(f"{key}: both ends of a log range must be above zero", field=key)
        return _spaced(first.ln(), last.ln(), number, (first, last), whole, exponent=True)
    return _spaced(first, last, number, (first, last), whole, exponent=False)


def _stepped(key: str, first: Decimal, last: Decimal, step: Decimal) -> list[str]:
    if step == 0 or (last - first) * step < 0:
        raise InvalidField(f"{key}: the step does not lead from {first} to {last}", field=key)
    number = int((last - first) / step) + 1
    _limit(key, number)
    return [_text(first + step * place) for place in range(number)]


def _spaced(
    first: Decimal,
    last: Decimal,
    number: int,
    ends: tuple[Decimal, Decimal],
    whole: bool,
    *,
    exponent: bool,
) -> list[str]:
    if number == 1 or ends[0] == ends[1]:
        return [_text(ends[0])]
    found = []
    with localcontext(prec=30):
        for place in range(number):
            at = first + (last - first) * place / (number - 1)
            value = at.exp() if exponent else at
            # The ends are what was written; between them six digits say enough.
            value = ends[place > 0] if place in {0, number - 1} else Decimal(f"{value:.6g}")
            found.append(_text(value.to_integral_value() if whole else value))
    return found


def _listed(key: str, text: str) -> list[str]:
    """The parts between commas that are not inside brackets or quotes."""
    parts, start, closing, quote = [], 0, [], ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'" and closing:
            quote = letter
        elif letter in _BRACKETS:
            closing.append(_BRACKETS[letter])
        elif closing and letter == closing[-1]:
            closing.pop()
        elif letter == "," and not closing:
            parts.append(text[start:place])
            start = place + 1
            _limit(key, len(parts))
    parts.append(text[start:])
    return [part.strip() for part in parts] if len(parts) > 1 else [text]


def _limit(key: str, number: int) -> None:
    if number < 1:
        raise InvalidField(f"{key}: the range has no value", field=key)
    if number > MOST:
        raise InvalidField(
            f"{key}: that makes {number:,} values, at most {MOST:,} are possible at once", field=key
        )


def _decimal(key: str, text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > _MOST_DIGITS or abs(number.adjusted()) > 400:
        raise InvalidField(f"{key}: {text[:40]} is too large or too exact", field=key)
    return number


def _text(number: Decimal) -> str:
    """Plain where that is short, with an exponent where it is not: 0.001, 1e-05, 12."""
    if number == number.to_integral_value() and abs(number) < Decimal("1e16"):
        return str(int(number))
    return repr(float(number))
