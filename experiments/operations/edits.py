"""What people do to parameters on a page: many edits at once, each against the item it saw.

All or nothing: every edit is looked at, every refusal is collected, and only when there is
none is anything written. So a form of a whole section merges with what others changed
elsewhere in it and loses nobody's typing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from experiments.errors import ExperimentError, InvalidField, TaskNotEditable
from experiments.models import ParameterSection, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked, write_documents
from experiments.operations.parameters import checked_item, checked_key, normal_section
from experiments.rules.document import PROPERTIES, Document, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.types import type_error


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

    @property
    def key(self) -> str:
        return f"{self.section}/{self.seen_name or self.name}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one edit was not made; `current` is what stands there when somebody was quicker."""

    message: str
    conflict: bool = False
    retype: bool = False
    current: Item | None = None


class EditsRefused(ExperimentError):
    """No edit was made; `refusals` says why, by the key of the edit."""

    code = 409
    subcode = 112
    message = "Nothing was saved"

    def __init__(self, refusals: Mapping[str, Refusal]) -> None:
        self.refusals = dict(refusals)
        first = next(iter(refusals))
        super().__init__(refusals[first].message, field=first)


def apply_edits(
    *, task: Task, edits: Sequence[Edit], by: Actor, now: datetime | None = None
) -> int:
    """Makes all the edits, or none and raises EditsRefused. Returns how many values differ."""
    now = now or datetime.now(UTC)
    with locked(task) as found:
        refusals: dict[str, Refusal] = {}
        rows = _Rows(found.hyperparams)
        for edit in edits:
            try:
                refusal = _apply(found, rows, edit)
            except InvalidField as error:
                refusal = Refusal(error.detail)
            if refusal:
                refusals[edit.key] = refusal
        if refusals:
            raise EditsRefused(refusals)
        touch = any(edit.section != PROPERTIES for edit in edits)
        return write_documents(task=found, hyperparams=rows.document(), by=by, now=now, touch=touch)


def rename_section(
    *, task: Task, section: str, to: str, by: Actor, now: datetime | None = None
) -> int:
    """Gives a section another name, in its place. Raises InvalidField where one has it already."""
    section, to = normal_section(section), checked_key(to, "name")[0]
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


class _Rows:
    """The document as rows in order, so that a renamed parameter keeps its place."""

    def __init__(self, document: Document) -> None:
        self._sections = {section: list(items.items()) for section, items in document.items()}

    def find(self, section: str, name: str) -> Item | None:
        return dict(self._sections.get(section, ())).get(name)

    def put(self, section: str, name: str, item: Item, *, instead_of: str = "") -> None:
        rows = self._sections.setdefault(section, [])
        for place, (found, _) in enumerate(rows):
            if found == (instead_of or name):
                rows[place] = (name, item)
                return
        rows.append((name, item))

    def remove(self, section: str, name: str) -> None:
        rows = self._sections.get(section, [])
        rows[:] = [row for row in rows if row[0] != name]

    def document(self) -> Document:
        return {section: dict(rows) for section, rows in self._sections.items()}


def _apply(task: Task, rows: _Rows, edit: Edit) -> Refusal | None:
    section, name = checked_key(edit.section, edit.name)
    _require(task, section)
    seen_name = edit.seen_name or name
    found = rows.find(section, seen_name)
    if not same_item(found, edit.seen):
        return Refusal(f"{section}/{seen_name} was changed meanwhile", conflict=True, current=found)
    if edit.wanted is None:
        rows.remove(section, seen_name)
        return None
    if name != seen_name and rows.find(section, name) is not None:
        return Refusal(f"there is a parameter {section}/{name} already")
    wanted = checked_item(edit.wanted)
    if refusal := _type_refusal(f"{section}/{name}", found, wanted, edit.retypes):
        return refusal
    rows.put(section, name, wanted, instead_of=seen_name)
    return None


def _type_refusal(key: str, found: Item | None, wanted: Item, retypes: bool) -> Refusal | None:
    if found and (found.type or "") != (wanted.type or "") and not retypes:
        return Refusal(
            f"{key} is recorded as {found.type or 'untyped'}; saving makes it"
            f" {wanted.type or 'untyped'}",
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
