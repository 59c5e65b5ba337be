"""The form of one configuration object: what it shows and sends back, and what a save comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError, ValueChangedMeanwhile
from experiments.models import ConfigurationObject, Task
from experiments.operations.actor import Actor
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object
from experiments.queries.configurations import configuration_named
from experiments.rules.formats.check import check
from experiments.rules.formats.detection import Format, detect
from experiments.rules.formats.problems import Problem
from experiments.rules.line_ends import plain, with_line_ends_of
from webui.configuration.marks import shown
from webui.configuration.object_diffs import ObjectDiff, Side, line_view

_ENDS = re.compile(r"[\r\n]")
_EXCERPT = 120
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the text: its line as far as it is shown, the place itself in the middle."""

    line: int
    column: int
    message: str
    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class ObjectForm:
    """`seen` is the version the form was opened on, `seen_name` its name then; "" for a new one.

    After a conflict, `theirs` shows what the text became meanwhile against what was typed;
    `removed` says that the object is gone.
    """

    name: str = ""
    type: str = ""
    description: str = ""
    text: str = ""
    seen: str = ""
    seen_name: str = ""
    error: str = ""
    field: str = ""
    fault: Fault | None = None
    conflict: bool = False
    removed: bool = False
    theirs: ObjectDiff | None = None

    @property
    def adds(self) -> bool:
        return not self.seen_name

    @property
    def rows(self) -> str:
        return str(min(36, max(12, self.text.count("\n") + 2)))

    @property
    def begins_with_line_end(self) -> bool:
        return self.text[:1] in {"\n", "\r"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when it was done."""

    form: ObjectForm
    status: int = 0


def form_of(found: ConfigurationObject | None) -> ObjectForm:
    if found is None:
        return ObjectForm()
    stored = _stored(found)
    return ObjectForm(
        name=found.name,
        type=found.type or "",
        description=found.description or "",
        text=found.value,
        seen=object_version(stored),
        seen_name=found.name,
    )


def read_form(task: Task, data: QueryDict) -> ObjectForm:
    """What was typed, with the line ends of the text that the form was opened on."""
    seen, seen_name = data.get("seen", ""), data.get("seen_name", "")
    found = configuration_named(task, seen_name) if seen_name else None
    typed = data.get("text", "")
    # Only of the very version that was open: another one has other lines.
    known = found is not None and object_version(_stored(found)) == seen
    text = with_line_ends_of(found.value, typed) if found and known else plain(typed)
    about = with_line_ends_of((found and found.description) or "", data.get("description", ""))
    name = data.get("name", "")
    return ObjectForm(
        # A field of one line drops line ends: a name that has some was not changed by that.
        name=seen_name if name == _ENDS.sub("", seen_name) else name,
        type=data.get("type", ""),
        description=about,
        text=text,
        seen=seen,
        seen_name=seen_name,
    )


def save_object(task: Task, form: ObjectForm, by: Actor, *, anyway: bool) -> Outcome:
    """Saves what was typed, or says why not and keeps it."""
    found = configuration_named(task, form.seen_name) if form.seen_name else None
    if not anyway and (fault := _fault(form, found)):
        return Outcome(replace(form, fault=fault), 422)
    wanted = Object(
        form.text,
        _as_before(found and found.type, form.type),
        _as_before(found and found.description, form.description),
    )
    try:
        set_object(
            task=task,
            name=form.name,
            wanted=wanted,
            seen=form.seen,
            seen_name=form.seen_name,
            by=by,
        )
    except ValueChangedMeanwhile:
        return Outcome(_in_conflict(task, form), 422 if form.adds else 409)
    except ExperimentError as error:
        return Outcome(replace(form, error=_sentence(error), field=error.field or ""), 422)
    return Outcome(form)


def delete_object(task: Task, form: ObjectForm, by: Actor) -> Outcome:
    try:
        remove_object(task=task, name=form.seen_name, seen=form.seen, by=by)
    except ValueChangedMeanwhile:
        return Outcome(_in_conflict(task, form), 409)
    except ExperimentError as error:
        return Outcome(replace(form, error=_sentence(error), field=error.field or ""), 422)
    return Outcome(form)


def _in_conflict(task: Task, form: ObjectForm) -> ObjectForm:
    """The form again, now seeing what is stored; saving it once more overwrites that."""
    if form.adds:
        return replace(form, error=f"There is an object {form.name} already.", field="name")
    found = configuration_named(task, form.seen_name)
    if found is None:
        return replace(form, conflict=True, removed=True, seen="")
    theirs = line_view(
        Side("Stored now", found.value, _shape(found.value, found.type or "", found.name)),
        Side("Yours", form.text, _shape(form.text, form.type, form.name)),
    )
    return replace(form, conflict=True, seen=object_version(_stored(found)), theirs=theirs)


def _fault(form: ObjectForm, found: ConfigurationObject | None) -> Fault | None:
    """What is wrong with the text by its format, unless it is as it was."""
    shape = _shape(form.text, form.type, form.name)
    before = _shape(found.value, found.type or "", found.name) if found else None
    if found and found.value == form.text and before is shape:
        return None
    problem = check(form.text, shape)
    return _placed(problem, form.text) if problem else None


def _placed(problem: Problem, text: str) -> Fault:
    lines = text.split("\n")
    line = min(max(problem.line, 1), len(lines))
    of_it = lines[line - 1].removesuffix("\r")
    at = min(max(problem.column, 1) - 1, len(of_it))
    start = max(0, at - _BEFORE)
    return Fault(
        line=line,
        column=at + 1,
        message=problem.message,
        before=shown(of_it[start:at]),
        at=shown(of_it[at : at + 1]),
        after=shown(of_it[at + 1 : start + _EXCERPT]),
    )


def _shape(text: str, type_: str, name: str) -> Format:
    return detect(text, type_, name)


def _stored(found: ConfigurationObject) -> Object:
    return Object(found.value, found.type, found.description)


def _as_before(stored: str | None, typed: str) -> str | None:
    """No text and an empty one look the same in a field: what was stored stays."""
    return stored if typed == (stored or "") else typed


def _sentence(error: ExperimentError) -> str:
    text = error.detail or error.message
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
