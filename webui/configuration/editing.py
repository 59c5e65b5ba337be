"""The form of one parameter, alone or as a row of its section's: what it shows and sends back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.errors import ExperimentError
from experiments.models import Task
from experiments.operations.edits import Edit, Refusal
from experiments.rules.document import Item
from experiments.rules.line_ends import plain
from experiments.rules.parameters import same_item
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
        type_ = from_line(found.item.type, data.get(f"{prefix}type", ""))
        type_ = type_ if type_ == found.item.type else type_.strip()
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
    def focuses_value(self) -> bool:
        """Whether a person goes on at the value; a new form begins at the name."""
        elsewhere = self.name_error or self.type_error or self.description_error
        begins = self.adds and not (self.refusal or self.error)
        return not (elsewhere or begins)

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


def sentence_of(error: ExperimentError) -> str:
    return sentence(error.detail or error.message)


def sentence(text: str, section: str = "") -> str:
    """A message as a sentence; what begins with a parameter's key keeps its first letter."""
    if not (section and text.startswith(f"{section}/")):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
