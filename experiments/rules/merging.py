"""The SDK's read-modify-write, applied as the difference it means.

The SDK sends whole dictionaries that it read some time ago. What it changed is the
difference between what it read (`base`) and what it sends; only that is applied to what is
stored now, so an edit made in between by somebody else survives. Where both changed the
same key, the later write wins (the history keeps both).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from experiments.rules.document import Item

K = TypeVar("K")
V = TypeVar("V")


def merge(
    base: Mapping[K, object],
    sent: Mapping[K, V],
    current: Mapping[K, V],
    fingerprint: Mapping[K, object] | None = None,
) -> dict[K, V]:
    """What `current` becomes; order as sent, keys that only `current` has come last.

    `fingerprint` gives what to compare with `base` where base holds digests, not values.
    """
    seen = fingerprint if fingerprint is not None else sent
    merged: dict[K, V] = {}
    for key, value in sent.items():
        untouched = key in base and base[key] == seen[key]
        if not untouched:
            merged[key] = value
        elif key in current:
            merged[key] = current[key]
        # else: somebody removed it meanwhile and the sender did not touch it
    for key, value in current.items():
        if key not in sent and key not in base:
            merged[key] = value
    return merged


def same_parameter(read: Item, sent: Item) -> bool:
    """Whether a client sends a parameter as it read it.

    The SDK fills in what was not there: a type guessed from the value, an empty description.
    """
    return (
        (read.value or "") == (sent.value or "")
        and (not read.type or read.type == sent.type)
        and (not read.description or read.description == sent.description)
    )
