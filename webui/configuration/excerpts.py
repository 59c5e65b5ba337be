"""The part of a very long value that a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from webui.configuration.marks import first_hit

SHOWN_LENGTH = 20_000
_BEFORE_A_HIT = 200


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`says` tells which part it is; empty when it is the whole."""

    text: str
    says: str = ""


def excerpt_of(text: str, search: str) -> Excerpt:
    """The beginning, or what is around the first hit when that lies beyond it."""
    if len(text) <= SHOWN_LENGTH:
        return Excerpt(text)
    hit = first_hit(text, search)
    start = 0 if hit is None or hit < SHOWN_LENGTH - len(search) else hit - _BEFORE_A_HIT
    part = text[start : start + SHOWN_LENGTH]
    where = f"from character {start + 1:,}" if start else "the first part"
    return Excerpt(part, f"{where} of {len(text):,} characters")
