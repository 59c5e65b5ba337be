"""The document of a task: its hyperparameters as section -> name -> item, in order.

The text of every value stays exactly as it was received. Stored as compact JSON: an item
is its bare value when it has neither type nor description, else a list with the trailing
empty places cut off, so a task with 20 parameters costs about 600 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

PROPERTIES = "properties"
DEFAULT_SECTION = "General"


class Item(NamedTuple):
    """One parameter: `value` is text (None: the SDK sent none), `type` is free text."""

    value: str | None
    type: str | None = None
    description: str | None = None


Document = dict[str, dict[str, Item]]

# Decoded straight into items: an item made from a list costs three times as much.
PackedItem = str | Item
PackedDocument = dict[str, dict[str, PackedItem]]
_decoder = msgspec.json.Decoder(PackedDocument)
_encoder = msgspec.json.Encoder()


def dumps(document: Document) -> str:
    stored = {section: _packed(items) for section, items in document.items()}
    return _encoder.encode(stored).decode()


def loads(text: str) -> Document:
    return {
        section: {
            name: packed if type(packed) is Item else Item(packed) for name, packed in items.items()
        }
        for section, items in peek(text).items()
    }


def peek(text: str) -> PackedDocument:
    """The document with its items still packed: enough to look at a few of them."""
    return _decoder.decode(text)


def unpack(packed: PackedItem) -> Item:
    return Item(packed) if isinstance(packed, str) else packed


def _packed(items: dict[str, Item]) -> dict[str, PackedItem | list[str | None]]:
    """A whole item is an array as it is; the common case costs no call for each of them."""
    return {name: item if item[2] is not None else _cut(item) for name, item in items.items()}


def _cut(item: Item) -> str | list[str | None]:
    if item.type is not None:
        return [item.value, item.type]
    return [None] if item.value is None else item.value


def split_key(key: str) -> tuple[str, str]:
    """`Args/model/dim` -> (`Args`, `model/dim`); a key without a slash is in General."""
    section, slash, name = key.partition("/")
    return (section, name) if slash else (DEFAULT_SECTION, key)


def flatten(document: Document) -> Iterator[tuple[str, str, Item]]:
    for section, items in document.items():
        for name, item in items.items():
            yield section, name, item


def copy(document: Document) -> Document:
    return {section: dict(items) for section, items in document.items()}
