"""A person's edit of how a draft is run: code, packages, container, output."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.history import Change, record
from experiments.rules.editing import edit_refusal
from experiments.rules.execution import (
    FIELDS,
    PARTS,
    Structure,
    check_field,
    part_of,
    read_field,
    version,
    with_field,
)

WHAT = "execution"


class ExecutionChangedMeanwhile(ValueChangedMeanwhile):
    """Nothing was saved; `found` has the text that stands now in each field others changed."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self.found = dict(found)
        field, current = next(iter(self.found.items()))
        super().__init__(", ".join(self.found), field=field, current=current)


def set_execution(
    *,
    task: Task,
    changes: Mapping[str, str],
    seen: Mapping[str, str],
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Sets the given fields, each of which stood at the version `seen`; drafts only.

    All or nothing; returns how many differ. Raises InvalidField, TaskNotEditable, or
    ExecutionChangedMeanwhile with every field that somebody else changed to something else.
    """
    for field, text in changes.items():
        if field not in FIELDS:
            raise InvalidField(f"{field} is no part of how an experiment is run", field=field)
        check_field(field, text)
    with locked(task) as found:
        require_editable(found)
        stored = {field: read_field(parts_of(found), field) or "" for field in changes}
        changed = {
            field: text
            for field, text in stored.items()
            if version(text) != seen.get(field) and text != changes[field]
        }
        if changed:
            raise ExecutionChangedMeanwhile(changed)
        return write_execution(task=found, values=changes, by=by, now=now or datetime.now(UTC))


def require_editable(task: Task) -> None:
    if refusal := edit_refusal(task.status, "execution"):
        raise TaskNotEditable(refusal, field="task")


def write_execution(
    *, task: Task, values: Mapping[str, str | None], by: Actor, now: datetime
) -> int:
    """Stores fields of a locked task, with their history; None takes a field out."""
    parts = parts_of(task)
    changes = []
    for field, text in values.items():
        old = read_field(parts, field)
        # An empty text is no fact: where nothing is recorded it would only look like one.
        if text == old or (old is None and not text):
            continue
        changes.append(Change(WHAT, field, old, text))
        parts[part_of(field)] = with_field(parts[part_of(field)], field, text)
    if not changes:
        return 0
    record(task=task, changes=changes, by=by, now=now)
    touched = sorted({part_of(change.key) for change in changes})
    for part in touched:
        setattr(task, part, parts[part])
    task.last_change = task.last_update = now
    task.save(update_fields=[*touched, "last_change", "last_update"])
    return len(changes)


def parts_of(task: Task) -> dict[str, Structure]:
    """The dictionaries of a task in which the fields are."""
    return {part: getattr(task, part) for part in PARTS}


def note_revealed(
    *, task: Task, fields: Collection[str], by: Actor, now: datetime | None = None
) -> None:
    """Masked texts of these fields have been shown; the texts themselves are not kept."""
    changes = [Change("reveal", field, None, None) for field in fields]
    if changes:
        record(task=task, changes=changes, by=by, now=now or datetime.now(UTC))
