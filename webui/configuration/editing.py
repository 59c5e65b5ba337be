"""The form of one parameter, alone or as a row of its section's: what it shows and sends back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.errors import ExperimentError
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.edits import Edit, EditsRefused, Refusal, apply_edits
from experiments.rules.document import Item
from experiments.rules.line_ends import plain
from experiments.rules.parameters import checked_key, same_item
from experiments.rules.redaction import is_secret
from experiments.rules.types import infer_type
from webui.configuration.fields import ValueField, value_field
from webui.configuration.seen import (
    NOTHING,
    Seen,
    from_line,
    from_lines,
    kept,
    read_seen,
    seen_text,
)

LONG_DESCRIPTION = 60
_SECRET_CHANGED = (
    "Somebody changed this secret meanwhile. Nothing was overwritten; cancel, and reveal it again."
)
_SECRET_THERE = "There is a secret of this name already. Nothing was overwritten."


@dataclass(frozen=True, slots=True)
class EditForm:
    """`name`, `value`, `type` and `description` are what was typed, `seen` what was read.

    `place` is the row's in a form of many, where every field's name begins with it. `confirmed`
    is the type that the person agreed to change to.
    """

    section: str
    name: str = ""
    value: str = ""
    type: str = ""
    description: str = ""
    seen: str = NOTHING
    place: str = ""
    removes: bool = False
    confirmed: str | None = None
    refusal: Refusal | None = None
    error: str = ""

    @classmethod
    def of(cls, section: str, name: str, item: Item, place: str = "") -> EditForm:
        texts = [text or "" for text in item]
        return cls(section, name, *texts, seen=seen_text(name, item), place=place)

    @classmethod
    def read(cls, data: QueryDict, section: str, place: str = "") -> EditForm:
        prefix = f"{place}-" if place else ""
        seen = data.get(f"{prefix}seen", NOTHING)
        found = read_seen(seen) or Seen("", Item(None))
        type_ = from_line(found.item.type, data.get(f"{prefix}type", "")).strip()
        return cls(
            section=section,
            name=from_line(found.name, data.get(f"{prefix}name", "")),
            value=from_lines(found.item.value, data.get(f"{prefix}value", "")),
            type=type_,
            description=from_lines(found.item.description, data.get(f"{prefix}description", "")),
            seen=seen,
            place=place,
            removes=data.get(f"{prefix}do") == "remove",
            confirmed=type_ if type_ in data.getlist(f"{prefix}confirmed") else None,
        )

    @property
    def prefix(self) -> str:
        return f"{self.place}-" if self.place else ""

    @property
    def was(self) -> Seen | None:
        return read_seen(self.seen)

    @property
    def adds(self) -> bool:
        return self.was is None

    @property
    def was_name(self) -> str:
        """What it is called where it is stored."""
        return self.was.name if self.was else self.name

    @property
    def key(self) -> str:
        return f"{self.section}/{self.was_name}"

    @property
    def history_query(self) -> str:
        return urlencode({"key": self.key})

    @property
    def field(self) -> ValueField:
        return value_field(self.value, self.type, self.description)

    @property
    def wordy(self) -> bool:
        text = self.description
        return "\n" in text or "\r" in text or len(text) > LONG_DESCRIPTION

    @property
    def wanted(self) -> Item | None:
        """What is to be stored. A new parameter without a type gets that of its value."""
        if self.removes:
            return None
        if self.was is None:
            return Item(self.value, self.type or infer_type(self.value), self.description or None)
        old = self.was.item
        return Item(
            kept(old.value, self.value),
            kept(old.type, self.type),
            kept(old.description, self.description),
        )

    @property
    def changed(self) -> bool:
        was = self.was
        if was is None:
            return True
        return self.name != was.name or not same_item(self.wanted, was.item)

    @property
    def more_is_open(self) -> bool:
        """Whether name, type and description are shown without being asked for."""
        if self.refusal and self.refusal.field in {"name", "type", "description"}:
            return True
        was = self.was
        if was is None or self.conflict:
            return False
        old = [was.name, was.item.type or "", was.item.description or ""]
        return [self.name, self.type, self.description] != old

    @property
    def conflict(self) -> bool:
        return bool(self.refusal and self.refusal.conflict)

    @property
    def asks_type(self) -> bool:
        return bool(self.refusal and self.refusal.retype)

    @property
    def current(self) -> Item | None:
        return self.refusal.current if self.refusal else None

    @property
    def differs_in_type(self) -> bool:
        return self.current is not None and (self.current.type or "") != self.type

    @property
    def differs_in_description(self) -> bool:
        return self.current is not None and (self.current.description or "") != self.description

    @property
    def name_error(self) -> str:
        return self._error_at("name")

    @property
    def value_error(self) -> str:
        return self._error_at("value")

    @property
    def type_error(self) -> str:
        return self._error_at("type")

    @property
    def description_error(self) -> str:
        return self._error_at("description")

    def _error_at(self, field: str) -> str:
        refusal = self.refusal
        if refusal is None or refusal.conflict or refusal.field != field:
            return ""
        return sentence(refusal.message, self.section)

    def edit(self) -> Edit:
        was = self.was
        return Edit(
            self.section,
            self.name,
            was and was.item,
            self.wanted,
            seen_name=was.name if was else "",
            retypes=self.confirmed is not None,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when the edit was made.

    `item` is what is stored now, None where it was removed.
    """

    form: EditForm
    status: int = 0
    item: Item | None = None

    @property
    def refused(self) -> bool:
        return self.status != 0


def known_section(task: Task, text: str) -> str:
    """The section that a form's field names: there, its line ends have become CR LF."""
    if text in task.hyperparams:
        return text
    return next((each for each in task.hyperparams if plain(each) == plain(text)), text)


def form_for(task: Task, section: str, name: str) -> EditForm:
    item = task.hyperparams.get(section, {}).get(name)
    return EditForm(section, name) if item is None else EditForm.of(section, name, item)


def is_masked(task: Task, section: str, name: str) -> bool:
    item = task.hyperparams.get(section, {}).get(name)
    return item is not None and is_secret(f"{section}/{name}", item.value or "")


def edit_parameter(task: Task, form: EditForm, by: Actor) -> Outcome:
    """Does what the form asks for, or says why not and keeps what was typed."""
    applied = apply_forms(task, [form], by)
    [done] = applied.forms
    if applied.status:
        return Outcome(replace(done, error=applied.error or done.error), applied.status)
    # The name as it was stored.
    section, name = checked_key(done.section, done.name, "parameter")
    return Outcome(replace(done, section=section, name=name), item=done.wanted)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of several forms: `status` is 0 where all were saved, else none was.

    `error` is what was wrong with all of them; `count` how many values differ now.
    """

    forms: list[EditForm]
    status: int = 0
    error: str = ""
    count: int = 0


def apply_forms(task: Task, forms: Sequence[EditForm], by: Actor) -> Applied:
    """Makes the edits of all the forms, or of none."""
    try:
        count = apply_edits(task=task, edits=[form.edit() for form in forms], by=by)
    except EditsRefused as error:
        conflict = any(refusal.conflict for refusal in error.refusals.values())
        return Applied(list(_refused(forms, error)), 409 if conflict else 422)
    except ExperimentError as error:
        return Applied(list(forms), 422, sentence_of(error))
    return Applied(list(forms), count=count)


def _refused(forms: Sequence[EditForm], error: EditsRefused) -> Iterator[EditForm]:
    for place, form in enumerate(forms):
        refusal = error.refusals.get(place)
        if refusal is None:
            yield form
        elif refusal.conflict:
            yield rebased(form, refusal)
        else:
            yield replace(form, refusal=refusal)


def rebased(form: EditForm, refusal: Refusal) -> EditForm:
    """The form laid over what somebody else has stored: what was not touched becomes theirs.

    Saving it again overwrites exactly what it shows.
    """
    current = refusal.current
    if current and is_secret(form.key, current.value or ""):
        return replace(form, error=_SECRET_THERE if form.adds else _SECRET_CHANGED)
    if current is None:
        return replace(form, refusal=refusal, seen=NOTHING)
    old = form.was.item if form.was else Item(None)
    typed = Item(form.value, form.type, form.description)
    merged = [
        (theirs or "") if mine == (before or "") else mine
        for mine, before, theirs in zip(typed, old, current, strict=True)
    ]
    if form.adds:
        merged[0] = form.value
    seen = seen_text(form.was_name, current)
    return replace(form, **dict(zip(Item._fields, merged, strict=True)), seen=seen, refusal=refusal)


def sentence_of(error: ExperimentError) -> str:
    return sentence(error.detail or error.message)


def sentence(text: str, section: str = "") -> str:
    """A message as a sentence; what begins with a parameter's key keeps its first letter."""
    if not (section and text.startswith(f"{section}/")):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
