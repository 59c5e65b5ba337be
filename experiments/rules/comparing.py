"""What differs between two documents, and between two sets of configuration objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from experiments.rules.document import PROPERTIES, Document, Item, flatten


class Difference(NamedTuple):
    """`old` None: only the second has it; `new` None: only the first."""

    section: str
    name: str
    old: Item | None
    new: Item | None

    @property
    def key(self) -> str:
        return f"{self.section}/{self.name}"


class ObjectDifference(NamedTuple):
    name: str
    old: str | None
    new: str | None


def document_differences(one: Document, other: Document) -> list[Difference]:
    """The parameters whose value differs, in the order of the second, then what is gone.

    User properties are notes on a run, not what it was made of: they do not count. Nor does
    a type or a description: the same value under another type is the same.
    """
    old = {(section, name): item for section, name, item in flatten(one)}
    new = {(section, name): item for section, name, item in flatten(other)}
    return [
        Difference(*key, old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
        if key[0] != PROPERTIES and _value(old.get(key)) != _value(new.get(key))
    ]


def object_differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[ObjectDifference]:
    return [
        ObjectDifference(name, one.get(name), other.get(name))
        for name in dict.fromkeys([*other, *one])
        if one.get(name) != other.get(name)
    ]


def _value(item: Item | None) -> str | None:
    return item and (item.value or "")
