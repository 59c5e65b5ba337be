"""What people do to parameters on a page: many edits at once, each against the item it saw.

All or nothing: every edit is looked at, every refusal is collected, and only when there is
none is anything written. So a form of a whole section merges with what others changed
elsewhere in it and loses nobody's typing. The edits are meant at the same moment, not one
after the other: names can be swapped, and the order of the rows decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from experiments.errors import (
    ExperimentError,
    InvalidField,
    TaskNotEditable,
    ValueChangedMeanwhile,
)
from experiments.models import ParameterSection, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked, write_documents
from experiments.operations.parameters import checked_item, checked_key, normal_section
from experiments.rules.document import PROPERTIES, Document, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_text
from experiments.rules.types import type_error

Key = tuple[str, str]
SHOWN_NAMES = 3


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


class EditsRefused(ExperimentError):
    """No edit was made; `refusals` says why, by the place of the edit in the sequence."""

    code = 409
    subcode = 112
    message = "Nothing was saved"

    def __init__(self, refusals: Mapping[int, Refusal]) -> None:
        self.refusals = dict(sorted(refusals.items()))
        first = next(iter(self.refusals.values()))
        super().__init__(first.message, field=first.field)


def apply_edits(
    *, task: Task, edits: Sequence[Edit], by: Actor, now: datetime | None = None
) -> int:
    """Makes all the edits, or none and raises EditsRefused. Returns how many values differ.

    Raises TaskNotEditable where the status forbids one of them.
    """
    with locked(task) as found:
        rows = _Rows(found.hyperparams)
        refusals: dict[int, Refusal] = {}
        for place, edit in enumerate(edits):
            try:
                rows.add(place, _checked(found, edit))
            except InvalidField as error:
                refusals[place] = Refusal(error.detail, field=_field_of(error))
        refusals |= rows.refusals()
        if refusals:
            raise EditsRefused(refusals)
        return write_documents(
            task=found, hyperparams=rows.document(), by=by, now=now or datetime.now(UTC),
            touch=rows.touch_parameters,
        )  # fmt: skip


def rename_section(
    *, task: Task, section: str, to: str, by: Actor, now: datetime | None = None
) -> int:
    """Gives a section another name, in its place. Raises InvalidField where one has it already."""
    section, to = normal_section(section), checked_key(to, "name", "section")[0]
    with locked(task) as found:
        document = found.hyperparams
        _require(found, section)
        _require(found, to)
        if PROPERTIES in {section, to}:
            raise InvalidField(
                "user properties are a section of their own and keep their name", field="section"
            )
        if section not in document:
            raise InvalidField(f"there is no section {section}", field="section")
        if to in document and to != section:
            raise InvalidField(
                f"there is a section {to} already; move the parameters into it one by one",
                field="section",
            )
        renamed = {to if name == section else name: items for name, items in document.items()}
        # What was said of the section goes with it; facts left by one long gone make way.
        facts = ParameterSection.objects.filter(task=found)
        facts.filter(name=to).exclude(name=section).delete()
        facts.filter(name=section).update(name=to)
        return write_documents(task=found, hyperparams=renamed, by=by, now=now or datetime.now(UTC))


def remove_section(
    *,
    task: Task,
    section: str,
    seen: Mapping[str, Item],
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Removes a section whose parameters are still the `seen`, and what was said of it.

    Raises InvalidField where there is none, ValueChangedMeanwhile naming what changed.
    """
    section = normal_section(section)
    with locked(task) as found:
        _require(found, section)
        if section not in found.hyperparams:
            raise InvalidField(f"there is no section {section}", field="section")
        items = found.hyperparams[section]
        changed = [
            name for name in {**items, **seen} if not same_item(items.get(name), seen.get(name))
        ]
        if changed:
            raise ValueChangedMeanwhile(_names(section, changed), field="section", current=None)
        rest = {name: items for name, items in found.hyperparams.items() if name != section}
        ParameterSection.objects.filter(task=found, name=section).delete()
        return write_documents(
            task=found, hyperparams=rest, by=by, now=now or datetime.now(UTC),
            touch=section != PROPERTIES,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """An edit whose texts have been checked; `old` and `new` are keys of the document."""

    old: Key | None
    new: Key | None
    edit: Edit

    @property
    def moves(self) -> bool:
        return self.new is not None and self.new != self.old


class _Rows:
    """All the edits of one form, laid over the document as it is now."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._rows: dict[int, _Row] = {}
        self._touched: dict[Key, int] = {}

    def add(self, place: int, row: _Row) -> None:
        self._rows[place] = row
        if row.old:
            self._touched.setdefault(row.old, place)

    @property
    def touch_parameters(self) -> bool:
        keys = (key for row in self._rows.values() for key in (row.old, row.new) if key)
        return any(section != PROPERTIES for section, _ in keys)

    def refusals(self) -> dict[int, Refusal]:
        found = {place: self._content_refusal(place, row) for place, row in self._rows.items()}
        names = self._name_refusals()
        return {place: refusal for place in found if (refusal := found[place] or names.get(place))}

    def document(self) -> Document:
        """The document with every edit made; what is renamed keeps its place."""
        document = dict(self._document)
        for section in {key[0] for key in self._touched}:
            items: dict[str, Item] = {}
            for name, item in self._document.get(section, {}).items():
                place = self._touched.get((section, name))
                if place is None:
                    items[name] = item
                elif new := self._rows[place].new:
                    items[new[1]] = self._wanted(place)
            document[section] = items
        fresh: Document = {}
        for place, row in self._rows.items():
            if row.old is None and row.new:
                fresh.setdefault(row.new[0], {})[row.new[1]] = self._wanted(place)
        for section, items in fresh.items():
            document[section] = {**document.get(section, {}), **items}
        return document

    def _wanted(self, place: int) -> Item:
        wanted = self._rows[place].edit.wanted
        assert wanted is not None
        return wanted

    def _find(self, key: Key) -> Item | None:
        return self._document.get(key[0], {}).get(key[1])

    def _content_refusal(self, place: int, row: _Row) -> Refusal | None:
        if row.old and self._touched[row.old] != place:
            return Refusal(f"{'/'.join(row.old)} is in the form twice", field="name")
        if row.old is None and row.new in self._touched:
            # Another row of the form takes or frees this name; `_name_refusals` knows which.
            found = None
        elif key := row.old or row.new:
            found = self._find(key)
            if not same_item(found, row.edit.seen):
                message = f"{'/'.join(key)} was changed meanwhile"
                return Refusal(message, conflict=True, current=found)
        else:
            return None
        if row.new is None or row.edit.wanted is None:
            return None
        return _type_refusal("/".join(row.new), found, row.edit.wanted, row.edit.retypes)

    def _name_refusals(self) -> dict[int, Refusal]:
        """Who keeps a name has it, then who comes first; so only movers can be refused."""
        taken = {row.new for row in self._rows.values() if row.new and not row.moves}
        refusals = {}
        for place, row in self._rows.items():
            if row.new is None or not row.moves:
                continue
            untouched = row.new not in self._touched and self._find(row.new) is not None
            if row.new in taken or untouched:
                message = f"there is a parameter {'/'.join(row.new)} already"
                refusals[place] = Refusal(message, field="name")
            taken.add(row.new)
        return refusals


def _checked(task: Task, edit: Edit) -> _Row:
    """Raises InvalidField for a text that cannot be kept, TaskNotEditable."""
    section, name = checked_key(edit.section, edit.name, "parameter")
    _require(task, section)
    if edit.wanted is not None:
        checked_item(edit.wanted)
    seen_name = check_text(edit.seen_name, "name") or name
    old = None if edit.seen is None else (section, seen_name)
    if edit.wanted is None:
        return _Row(old or (section, seen_name), None, edit)
    return _Row(old, (section, name), edit)


def _field_of(error: InvalidField) -> str:
    """`parameter name` is the field "name"; of section and name together the name is too long."""
    field = (error.field or "").removeprefix("parameter").strip()
    return field or "name"


def _type_refusal(key: str, found: Item | None, wanted: Item, retypes: bool) -> Refusal | None:
    if found and (found.type or "") != (wanted.type or "") and not retypes:
        return Refusal(
            f"{key} is recorded as {found.type or 'untyped'}; saving makes it"
            f" {wanted.type or 'untyped'}",
            field="type",
            retype=True,
        )
    unchanged = found is not None and (found.value, found.type) == (wanted.value, wanted.type)
    # Only under the same type does the old value tell whether this is a list of argparse.
    before = found.value if found and found.type == wanted.type else None
    wrong = (
        None
        if unchanged
        else type_error(
            wanted.value or "", wanted.type, before=before, description=wanted.description
        )
    )
    return Refusal(f"{key} {wrong}") if wrong else None


def same_item(one: Item | None, other: Item | None) -> bool:
    """Whether two items look the same to a person: no value and an empty one do."""
    if one is None or other is None:
        return one is other
    return _plain(one) == _plain(other)


def _plain(item: Item) -> Iterable[str]:
    return [text or "" for text in item]


def _require(task: Task, section: str) -> None:
    kind = "properties" if section == PROPERTIES else "parameters"
    if refusal := edit_refusal(task.status, kind, unlocked=task.properties_unlocked):
        raise TaskNotEditable(refusal, field="task")


def _names(section: str, names: Sequence[str]) -> str:
    shown = ", ".join(f"{section}/{name}" for name in names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
