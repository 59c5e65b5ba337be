"""Hyperparameters and configuration objects, from and to the protocol's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from experiments.operations.documents import Object
from experiments.rules.document import Document, Item
from experiments.sdk.schema import Request, convert

Scalar = str | int | float | bool | None


class ParameterItem(Request):
    """One parameter in a list; its value is text, other things become it."""

    section: str
    name: str
    value: Scalar = None
    type: str | None = None
    description: str | None = None


class ParameterTarget(Request):
    """A parameter, or a whole section, that is to be deleted."""

    section: str
    name: str | None = None


class _Content(msgspec.Struct, frozen=True):
    value: Scalar = None
    type: str | None = None
    description: str | None = None


_Named = dict[str, Any]


def items_from_wire(items: Iterable[ParameterItem]) -> list[tuple[str, str, Item]]:
    return [(item.section, item.name, _item(item)) for item in items]


def document_from_wire(hyperparams: Mapping[str, Any]) -> Document:
    """The names are those of the dictionaries; that items repeat them is not relied upon."""
    document: Document = {}
    for section, items in hyperparams.items():
        at = f"hyperparams.{section}"
        document[section] = {
            name: _item(_content(item, f"{at}.{name}"))
            for name, item in convert(items, _Named, at).items()
        }
    return document


def configuration_from_wire(configuration: Mapping[str, Any]) -> dict[str, Object]:
    contents = {
        name: _content(found, f"configuration.{name}") for name, found in configuration.items()
    }
    return {
        name: Object(text_of(content.value) or "", content.type, content.description)
        for name, content in contents.items()
    }


def document_to_wire(document: Document) -> dict[str, dict[str, dict[str, str]]]:
    return {
        section: {name: item_to_wire(section, name, item) for name, item in items.items()}
        for section, items in document.items()
    }


def items_to_wire(document: Document) -> list[dict[str, str]]:
    """All parameters as a list, by section and name."""
    return [
        item_to_wire(section, name, item)
        for section, items in sorted(document.items())
        for name, item in sorted(items.items())
    ]


def item_to_wire(section: str, name: str, item: Item) -> dict[str, str]:
    wire = {"section": section, "name": name, "value": item.value or ""}
    if item.type is not None:
        wire["type"] = item.type
    if item.description is not None:
        wire["description"] = item.description
    return wire


def object_to_wire(name: str, value: Object) -> dict[str, str]:
    wire = {"name": name, "value": value.value}
    if value.type is not None:
        wire["type"] = value.type
    if value.description is not None:
        wire["description"] = value.description
    return wire


def text_of(value: Scalar) -> str | None:
    """The text of a value, as Python writes it; text stays exactly as it is."""
    if value is None or isinstance(value, str):
        return value
    return str(value)


def _item(content: ParameterItem | _Content) -> Item:
    return Item(text_of(content.value), content.type, content.description)


def _content(sent: Any, at: str) -> _Content:
    return _Content() if sent is None else convert(sent, _Content, at)
