"""Numbers that JSON does not have, as Python writes them: NaN, Infinity, -Infinity.

The SDK sends them so and, being Python, reads them so; a `null` would say "no value".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

Number = float | msgspec.Raw

_NAN = msgspec.Raw(b"NaN")
_INFINITE = {math.inf: msgspec.Raw(b"Infinity"), -math.inf: msgspec.Raw(b"-Infinity")}


def number(value: float | None) -> Number:
    """A stored number; None is how the database keeps NaN."""
    if value is None or math.isnan(value):
        return _NAN
    return _INFINITE.get(value, value)


def numbers(values: Sequence[float]) -> list[Number]:
    return list(values) if all(map(math.isfinite, values)) else [number(v) for v in values]
