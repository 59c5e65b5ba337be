"""The form of one group: what it shows, what it sends back, and what a save comes to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.execution import (
    ExecutionChangedMeanwhile,
    parts_of,
    set_execution,
)
from experiments.rules.execution import DIFF, OF_MANY_LINES, read_field, version
from experiments.rules.line_ends import plain, with_line_ends_of
from webui.execution.groups import HINTS, LABELS, Group
from webui.execution.secrets import has_secret, masked_field

MOST_ROWS = 24
SHOWN_OF_A_CONFLICT = 2_000
_SECRET_CHANGED = (
    "Somebody changed this meanwhile, and there is a secret in it. Nothing was overwritten; "
    "cancel, and reveal it again."
)
# What stood when the form was opened: the version of the text, and that of what a field shows.
Seen = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `current` is the text that somebody else saved meanwhile."""

    name: str
    value: str
    error: str = ""
    current: str | None = None
    typed: str = ""

    @property
    def id(self) -> str:
        return "edit-" + self.name.replace(".", "-")

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def hint(self) -> str:
        return HINTS.get(self.name, "")

    @property
    def many_lines(self) -> bool:
        return self.name in OF_MANY_LINES or "\n" in self.value or "\r" in self.value

    @property
    def rows(self) -> str:
        fewest = 10 if self.name == DIFF else 4
        return str(min(MOST_ROWS, max(fewest, self.value.count("\n") + 2)))


@dataclass(frozen=True, slots=True)
class ExecutionForm:
    """`seen` is JSON; `hidden` says that secrets must be revealed before anything is edited."""

    group: Group
    fields: list[Field]
    seen: str
    error: str = ""
    hidden: bool = False

    @classmethod
    def of(cls, task: Task, group: Group, *, revealed: bool = False) -> ExecutionForm:
        texts = _texts(task, group)
        hidden = not revealed and any(has_secret(name, text) for name, text in texts.items())
        fields = [
            Field(name, masked_field(name, text) if hidden else text)
            for name, text in texts.items()
        ]
        return cls(group, fields, _seen_now(texts), hidden=hidden)

    @classmethod
    def read(cls, data: QueryDict, group: Group) -> ExecutionForm:
        fields = [Field(name, plain(data.get(name, ""))) for name in group.fields if name in data]
        return cls(group, fields, data.get("seen", ""))

    @property
    def first(self) -> Field:
        return self.fields[0]

    @property
    def conflicts(self) -> bool:
        return any(field.current is not None for field in self.fields)

    def seen_versions(self) -> dict[str, Seen]:
        try:
            found = json.loads(self.seen)
        except ValueError:
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {name: (str(pair[0]), str(pair[1])) for name, pair in pairs if _is_pair(pair)}

    def changes(self, stored: Mapping[str, str]) -> dict[str, str]:
        """What somebody typed into; a text that the field only shows is not a change."""
        seen = self.seen_versions()
        return {
            field.name: with_line_ends_of(stored.get(field.name, ""), field.value)
            for field in self.fields
            if field.name not in seen or version(field.value) != seen[field.name][1]
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when the edit was made."""

    form: ExecutionForm
    status: int = 0


def save_execution(task: Task, form: ExecutionForm, by: Actor) -> Outcome:
    """Saves, or says why not and keeps what was typed."""
    seen = {name: pair[0] for name, pair in form.seen_versions().items()}
    changes = form.changes(_texts(task, form.group))
    try:
        set_execution(task=task, changes=changes, seen=seen, by=by)
    except ExecutionChangedMeanwhile as conflict:
        return Outcome(_with_conflicts(form, conflict.found), 409)
    except ExperimentError as error:
        return Outcome(_with_error(form, error), 422)
    return Outcome(form)


def _with_conflicts(form: ExecutionForm, found: Mapping[str, str]) -> ExecutionForm:
    """Both texts at each field; saving again means to overwrite what is shown now."""
    shown = {name: text for name, text in found.items() if not has_secret(name, text)}
    known = json.dumps({**form.seen_versions(), **_versions(shown)})
    fields = [_with_conflict(field, found, shown) for field in form.fields]
    return replace(form, fields=fields, seen=known)


def _with_conflict(field: Field, found: Mapping[str, str], shown: Mapping[str, str]) -> Field:
    if field.name not in found:
        return field
    if field.name not in shown:
        return replace(field, error=_SECRET_CHANGED)
    current, typed = _beginning(shown[field.name]), _beginning(field.value)
    return replace(field, current=current, typed=typed)


def _with_error(form: ExecutionForm, error: ExperimentError) -> ExecutionForm:
    text = error.detail or error.message
    sentence = f"{text[:1].upper()}{text[1:].rstrip('.')}."
    if error.field not in {field.name for field in form.fields}:
        return replace(form, error=sentence)
    fields = [
        replace(field, error=sentence) if field.name == error.field else field
        for field in form.fields
    ]
    return replace(form, fields=fields)


def _texts(task: Task, group: Group) -> dict[str, str]:
    parts = parts_of(task)
    return {name: read_field(parts, name) or "" for name in group.fields}


def _seen_now(texts: Mapping[str, str]) -> str:
    return json.dumps(_versions(texts))


def _versions(texts: Mapping[str, str]) -> dict[str, Seen]:
    return {name: (version(text), version(plain(text))) for name, text in texts.items()}


def _is_pair(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2


def _beginning(text: str) -> str:
    left_out = len(text) - SHOWN_OF_A_CONFLICT
    return f"{text[:SHOWN_OF_A_CONFLICT]}… ({left_out:,} more characters)" if left_out > 0 else text


def secrets_of(task: Task, group: Group) -> list[str]:
    """The fields of a group in which something is masked."""
    return [name for name, text in _texts(task, group).items() if has_secret(name, text)]
