"""Undoing what the history tells of a document, newest first, one write at a time.

What one write did is undone at one moment, so swapped names swap back. What a script added is
the original, not an edit, and has no entry: it stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from experiments.errors import InvalidField
from experiments.rules.differences import Key
from experiments.rules.document import Document, Item, loads, split_key

VALUES = frozenset({"parameters", "properties"})
PARTS = frozenset({"type", "description"})
NAMES = frozenset({"name", "section name"})
EVERYTHING = "*"


class Entry(Protocol):
    """What is looked at of an entry of the history."""

    what: str
    key: str
    old: str | None
    new: str | None
    old_parts: list[str | None] | None


@dataclass(slots=True)
class _Row:
    """A parameter and the key it has in the document that is stored now, if it is in it."""

    item: Item
    origin: Key | None = None


def is_mass(entry: Entry) -> bool:
    """Whether it tells of a script's many changes at once; sections and objects may be called *."""
    return entry.what in VALUES and entry.key == EVERYTHING


class Undoing:
    """A document while its changes are undone; `sections` tells which were renamed, in order.

    `strict`: what is to be changed back must still be there. Raises InvalidField.
    """

    def __init__(self, document: Document, *, strict: bool = False) -> None:
        self._rows = {
            section: {name: _Row(item, (section, name)) for name, item in items.items()}
            for section, items in document.items()
        }
        self.strict = strict
        self.sections: list[tuple[str, str]] = []

    def undo(self, write: Sequence[Entry]) -> None:
        """Undoes the entries of one write."""
        values = [entry for entry in write if entry.what in VALUES and not is_mass(entry)]
        for entry in write:
            if is_mass(entry):
                self.restore(loads(entry.old or "{}"), self.document())
            elif entry.what in PARTS:
                self._change(entry, entry.what, entry.old or None)
        for entry in values:
            if entry.old is not None and entry.new is not None:
                self._change(entry, "value", entry.old)
            elif entry.old is None:
                section, name = split_key(entry.key)
                self._rows.get(section, {}).pop(name, None)
        self._rename([entry for entry in write if entry.what in NAMES])
        for entry in values:
            if entry.old is not None and entry.new is None:
                section, name = split_key(entry.key)
                self._put(section, name, Item(entry.old, *(entry.old_parts or ())))

    def restore(self, before: Document, after: Document) -> None:
        """Gives back what `before` has and `after` has not, or has otherwise."""
        for section, items in before.items():
            for name, item in items.items():
                if after.get(section, {}).get(name) != item:
                    self._put(section, name, item)

    def document(self) -> Document:
        return {
            section: {name: row.item for name, row in rows.items()}
            for section, rows in self._rows.items()
        }

    def renames(self) -> dict[Key, Key]:
        """What each new name is in the document that is stored now."""
        return {
            (section, name): row.origin
            for section, rows in self._rows.items()
            for name, row in rows.items()
            if row.origin and row.origin != (section, name)
        }

    def _put(self, section: str, name: str, item: Item) -> None:
        row = self._rows.setdefault(section, {}).setdefault(name, _Row(item))
        row.item = item

    def _change(self, entry: Entry, part: str, text: str | None) -> None:
        section, name = split_key(entry.key)
        row = self._rows.get(section, {}).get(name)
        if row is not None:
            row.item = row.item._replace(**{part: text})
        elif self.strict:
            raise missing(f"parameter {entry.key}")

    def _rename(self, entries: Sequence[Entry]) -> None:
        """Gives all of them their old names at once, each in its place."""
        if not entries:
            return
        sections = {entry.key: entry.old or "" for entry in entries if entry.what != "name"}
        names = {split_key(e.key): split_key(e.old or "") for e in entries if e.what == "name"}
        self._require_renamed(sections, names)
        renamed: dict[str, dict[str, _Row]] = {}
        for section, rows in self._rows.items():
            for name, row in rows.items():
                old_section, old_name = names.get((section, name), (section, name))
                if old_section == section:
                    old_section = sections.get(section, section)
                into = renamed.setdefault(old_section, {})
                if old_name in into:
                    raise taken(f"parameter {old_section}/{old_name}")
                into[old_name] = row
        self._rows = renamed
        self.sections += sections.items()

    def _require_renamed(self, sections: Mapping[str, str], names: Mapping[Key, Key]) -> None:
        if not self.strict:
            return
        for section, old in sections.items():
            if not self._rows.get(section):
                raise missing(f"section {section}")
            if self._rows.get(old) and old not in sections:
                raise taken(f"section {old}")
        for section, name in names:
            if name not in self._rows.get(section, {}):
                raise missing(f"parameter {section}/{name}")


def missing(what: str) -> InvalidField:
    return InvalidField(
        f"there is no {what} any more; it was removed or renamed since", field="entry"
    )


def taken(what: str) -> InvalidField:
    return InvalidField(f"there is a {what} already", field="entry")
