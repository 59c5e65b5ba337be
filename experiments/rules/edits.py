"""Many edits of a document at once, each against the item it saw.

They are meant at one moment, not one after the other: names can be swapped, and the order of
the rows decides nothing but where new parameters stand and who of two is first to a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.errors import InvalidField
from experiments.rules.document import Document, Item
from experiments.rules.names import check_text
from experiments.rules.parameters import checked_item, checked_key, same_item
from experiments.rules.types import type_error

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One row of a form. `seen` None: the parameter is new; `wanted` None: it goes.

    `name` is what it is called from now on, `seen_name` what it was called.
    `retypes` says that the person confirmed the change of the recorded type.
    """

    section: str
    name: str
    seen: Item | None
    wanted: Item | None
    seen_name: str = ""
    retypes: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one edit was not made; `field` is section, name, value, type or description.

    `current` is what stands there when somebody was quicker (None: nothing any more).
    """

    message: str
    field: str = "value"
    conflict: bool = False
    retype: bool = False
    current: Item | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refusals` by the place of the edit; if there is one, `document` is as it was.

    `sections` are those that the edits are about; `renames` says what a new name was before.
    """

    document: Document
    refusals: dict[int, Refusal]
    sections: frozenset[str]
    renames: dict[Key, Key]


def edited(document: Document, edits: Sequence[Edit]) -> Outcome:
    """What all the edits make of a document, or why none of them is made."""
    rows: dict[int, _Row] = {}
    refusals: dict[int, Refusal] = {}
    for place, edit in enumerate(edits):
        try:
            rows[place] = _checked(edit)
        except InvalidField as error:
            refusals[place] = Refusal(error.detail, field=_field_of(error))
    found = _Rows(document, rows)
    refusals |= found.refusals()
    sections = frozenset(row.key[0] for row in rows.values())
    refusals = dict(sorted(refusals.items()))
    if refusals:
        return Outcome(document, refusals, sections, {})
    moved = {row.new: row.old for row in rows.values() if row.new and row.old != row.new}
    renames = {new: old for new, old in moved.items() if old}
    return Outcome(found.document(), {}, sections, renames)


@dataclass(frozen=True, slots=True)
class _Row:
    """An edit whose texts have been checked: it takes `old` away and puts `wanted` at `new`."""

    key: Key
    old: Key | None
    new: Key | None
    edit: Edit

    @property
    def moves(self) -> bool:
        return self.new is not None and self.new != self.old

    @property
    def wanted(self) -> Item:
        assert self.edit.wanted is not None
        return self.edit.wanted


def _checked(edit: Edit) -> _Row:
    """Raises InvalidField for a text that cannot be kept."""
    section, name = checked_key(edit.section, edit.name, "parameter")
    seen_name = check_text(edit.seen_name, "name") or name
    if edit.wanted is not None:
        checked_item(edit.wanted)
    old = None if edit.seen is None else (section, seen_name)
    new = None if edit.wanted is None else (section, name)
    return _Row((section, seen_name if old or not new else name), old, new, edit)


def _field_of(error: InvalidField) -> str:
    """`parameter name` is the field "name"; of section and name together the name is too long."""
    return (error.field or "").removeprefix("parameter").strip() or "name"


class _Rows:
    """All the edits of one form, laid over the document as it is now."""

    def __init__(self, document: Document, rows: dict[int, _Row]) -> None:
        self._document = document
        self._rows = rows
        self._taken_by: dict[Key, int] = {}
        for place, row in rows.items():
            if row.old:
                self._taken_by.setdefault(row.old, place)

    def refusals(self) -> dict[int, Refusal]:
        names = self._name_refusals()
        found = {
            place: self._stale(place, row) or self._ill_typed(row) or names.get(place)
            for place, row in self._rows.items()
        }
        return {place: refusal for place, refusal in found.items() if refusal}

    def document(self) -> Document:
        """The document with every edit made; what is renamed keeps its place."""
        document = dict(self._document)
        by_section: dict[str, dict[str, _Row]] = {}
        for (section, name), place in self._taken_by.items():
            by_section.setdefault(section, {})[name] = self._rows[place]
        for section, rows in by_section.items():
            document[section] = _with_rows(document[section], rows)
        added = [row for row in self._rows.values() if row.new and not row.old]
        for section in dict.fromkeys(row.key[0] for row in added):
            document[section] = dict(document.get(section, {}))
        for row in added:
            document[row.key[0]][row.key[1]] = row.wanted
        return document

    def _find(self, key: Key) -> Item | None:
        return self._document.get(key[0], {}).get(key[1])

    def _stale(self, place: int, row: _Row) -> Refusal | None:
        key = "/".join(row.key)
        if row.old and self._taken_by[row.old] != place:
            return Refusal(f"{key} is in the form twice", field="name")
        if not row.old and row.key in self._taken_by:
            return None  # another row of the form is about the one that stands there
        found = self._find(row.key)
        if same_item(found, row.edit.seen):
            return None
        return Refusal(f"{key} was changed meanwhile", conflict=True, current=found)

    def _ill_typed(self, row: _Row) -> Refusal | None:
        if row.new is None:
            return None
        found = self._find(row.old) if row.old else None
        return _type_refusal("/".join(row.new), found, row.wanted, row.edit.retypes)

    def _name_refusals(self) -> dict[int, Refusal]:
        """Who keeps a name has it, then who comes first."""
        names = {row.new for row in self._rows.values() if row.new and row.new == row.old}
        refusals = {}
        for place, row in self._rows.items():
            if row.new is None or not row.moves:
                continue
            stays = row.new not in self._taken_by and self._find(row.new) is not None
            if stays or row.new in names:
                message = f"there is a parameter {'/'.join(row.new)} already"
                refusals[place] = Refusal(message, field="name")
            names.add(row.new)
        return refusals


def _with_rows(items: dict[str, Item], rows: dict[str, _Row]) -> dict[str, Item]:
    """The items of a section, with those in `rows` edited in their places."""
    if any(row.moves for row in rows.values()):
        renamed: dict[str, Item] = {}
        for name, item in items.items():
            row = rows.get(name)
            if row is None:
                renamed[name] = item
            elif row.new:
                renamed[row.new[1]] = row.wanted
        return renamed
    changed = dict(items)
    for name, row in rows.items():
        if row.new:
            changed[name] = row.wanted
        else:
            del changed[name]
    return changed


def _type_refusal(key: str, found: Item | None, wanted: Item, retypes: bool) -> Refusal | None:
    if found and (found.type or "") != (wanted.type or "") and not retypes:
        return Refusal(
            f"{key} is recorded as {found.type or 'untyped'}; saving makes it"
            f" {wanted.type or 'untyped'}",
            field="type",
            retype=True,
        )
    if found and (found.value, found.type) == (wanted.value, wanted.type):
        return None
    # Only under the same type does the old value tell whether this is a list of argparse.
    before = found.value if found and found.type == wanted.type else None
    wrong = type_error(
        wanted.value or "", wanted.type, before=before, description=wanted.description
    )
    return Refusal(f"{key} {wrong}") if wrong else None
