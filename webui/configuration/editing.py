"""The form of one parameter: what it shows, what it sends back, and what a save comes to."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError, ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.parameters import checked_key, remove_value, set_value
from experiments.rules.redaction import is_secret

ONE_LINE = 100
NOTHING = "null"
_SECRET_CHANGED = (
    "Somebody changed this secret meanwhile. Nothing was overwritten; cancel, and reveal it again."
)


@dataclass(frozen=True, slots=True)
class EditForm:
    """`seen` is JSON: a browser rewrites line ends in fields, and the value read must stay exact.

    `null` stands for "there was no such parameter", which makes the form one that adds.
    """

    section: str
    name: str
    value: str = ""
    seen: str = NOTHING
    type: str = ""
    removes: bool = False
    error: str = ""
    conflict: bool = False
    current: str | None = None

    @classmethod
    def read(cls, data: QueryDict) -> EditForm:
        seen = data.get("seen", NOTHING)
        return cls(
            section=data.get("section", ""),
            name=data.get("name", ""),
            value=_with_line_ends_of(_seen_value(seen), data.get("value", "")),
            seen=seen,
            type=data.get("type", ""),
            removes=data.get("do") == "remove",
        )

    @property
    def adds(self) -> bool:
        return self.seen == NOTHING

    @property
    def many_lines(self) -> bool:
        return "\n" in self.value or "\r" in self.value or len(self.value) > ONE_LINE

    @property
    def key(self) -> str:
        return f"{self.section}/{self.name}"

    @property
    def rows(self) -> str:
        return str(min(20, max(3, self.value.count("\n") + 2)))

    @property
    def current_seen(self) -> str:
        """What the form has to have seen to overwrite the value found."""
        return json.dumps(self.current)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when the edit was made."""

    form: EditForm
    status: int = 0

    @property
    def refused(self) -> bool:
        return self.status != 0


def form_for(task: Task, section: str, name: str) -> EditForm:
    item = task.hyperparams.get(section, {}).get(name)
    if item is None:
        return EditForm(section, name)
    value = item.value or ""
    return EditForm(section, name, value, json.dumps(value), item.type or "")


def is_masked(task: Task, section: str, name: str) -> bool:
    item = task.hyperparams.get(section, {}).get(name)
    return item is not None and is_secret(f"{section}/{name}", item.value or "")


def form_to_add(section: str) -> EditForm:
    return EditForm(section, "")


def edit_parameter(task: Task, form: EditForm, by: Actor) -> Outcome:
    """Does what the form asks for, or says why not and keeps what was typed."""
    seen = _seen_value(form.seen)
    try:
        if form.removes:
            remove_value(task=task, section=form.section, name=form.name, seen=seen, by=by)
        else:
            item = set_value(
                task=task, section=form.section, name=form.name, value=form.value, seen=seen, by=by
            )
            # The name as it was stored, and the task at hand in step with the stored one.
            section, name = checked_key(form.section, form.name)
            form = replace(form, section=section, name=name)
            task.hyperparams.setdefault(section, {})[name] = item
    except ValueChangedMeanwhile as error:
        if is_secret(form.key, error.current or ""):
            return Outcome(replace(form, error=_SECRET_CHANGED), 409)
        return Outcome(replace(form, conflict=True, current=error.current), 409)
    except ExperimentError as error:
        return Outcome(replace(form, error=_sentence(error)), 422)
    return Outcome(form)


def _sentence(error: ExperimentError) -> str:
    text = error.detail or error.message
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _seen_value(seen: str) -> str | None:
    try:
        value = json.loads(seen)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _with_line_ends_of(seen: str | None, typed: str) -> str:
    """Browsers send CR LF for every line end; the value keeps the kind it had."""
    if seen is not None and "\r\n" in seen and "\n" not in seen.replace("\r\n", ""):
        return typed
    return typed.replace("\r\n", "\n")
