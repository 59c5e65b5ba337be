"""How the words of a filter are read as booleans, whole numbers, durations and times."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from experiments.rules.values import parse_number

_LARGEST = 2**63 - 1
_LONGEST = 1e11  # seconds, 3,000 years: in microseconds still a number of 64 bits
_BOOLEANS = {"True": True, "False": False, "true": True, "false": False}
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)d)?(?:(?P<h>\d+(?:\.\d+)?)h)?"
    r"(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?",
    re.ASCII | re.IGNORECASE,
)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d"
    r"(?:[T ]\d\d:\d\d(?P<second>:\d\d(?P<fraction>\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


class Span(NamedTuple):
    """The stretch of time a text means, end excluded: `2026-11-24` is that whole day."""

    start: datetime
    end: datetime

    def bound(self, op: str) -> tuple[str, datetime]:
        """What `op` asks of a single time: after a day means from its end on."""
        return {
            "<": ("<", self.start),
            "<=": ("<", self.end),
            ">": (">=", self.end),
            ">=": (">=", self.start),
        }[op]


def boolean(text: str) -> bool | None:
    return _BOOLEANS.get(text)


def whole_number(text: str) -> int | None:
    number = parse_number(text)
    if number is None or not math.isfinite(number) or number != int(number):
        return None
    # Not through the float where possible: it knows no odd numbers above 2**53.
    exact = int(text) if len(text) < 40 and text.lstrip("+-").isdecimal() else int(number)
    return exact if abs(exact) <= _LARGEST else None


def seconds(text: str) -> float | None:
    """To the microsecond, which is what times are stored to."""
    total = parse_number(text)
    if total is None:
        found = _DURATION.fullmatch(text)
        if found is None or not text:
            return None
        total = sum(float(found[unit]) * size for unit, size in _UNITS.items() if found[unit])
    return round(total, 6) if abs(total) <= _LONGEST else None


def instant_span(text: str) -> Span | None:
    """An ISO date or date and time; without a zone it is UTC, and the result always is."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    try:
        start = datetime.fromisoformat(text.upper())
        if start.tzinfo is None:
            start = start.replace(tzinfo=UTC)
        start = start.astimezone(UTC)
        return Span(start, start + _precision(text, found))
    except (ValueError, OverflowError):
        return None


def _precision(text: str, found: re.Match[str]) -> timedelta:
    if found["fraction"]:
        return timedelta(microseconds=1)
    if found["second"]:
        return timedelta(seconds=1)
    return timedelta(minutes=1) if len(text) > len("2026-11-24") else timedelta(days=1)
