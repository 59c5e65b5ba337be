"""Going back: one change undone, or everything since a moment. Both are edits themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import HistoryEntry, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import (
    Object,
    locked,
    stored_configuration,
    write_documents,
)
from experiments.operations.execution import WHAT as EXECUTION
from experiments.operations.execution import write_execution
from experiments.rules.document import PROPERTIES, Document, Item, copy, loads, split_key
from experiments.rules.editing import Kind, edit_refusal

PARTS = frozenset({"type", "description"})
VALUES = frozenset({"parameters", "properties"})
REVERTIBLE = PARTS | VALUES | {"configuration", EXECUTION}
EVERYTHING = "*"


def revert_change(*, task: Task, entry: int, by: Actor, now: datetime | None = None) -> int:
    """Gives a value back what it was before one entry of the history.

    Raises InvalidField for an entry that is not of this task or not of a value.
    """
    found = HistoryEntry.objects.filter(task=task, pk=entry).first()
    if found is None or found.what not in REVERTIBLE:
        raise InvalidField("this entry of the history cannot be undone", field="entry")
    return _undo(task, [found], by, now)


def revert_to(*, task: Task, entry: int, by: Actor, now: datetime | None = None) -> int:
    """Makes parameters, objects and execution what they were right after one entry."""
    if not HistoryEntry.objects.filter(task=task, pk=entry).exists():
        raise InvalidField("the experiment has no such entry in its history", field="entry")
    later = HistoryEntry.objects.filter(task=task, pk__gt=entry, what__in=REVERTIBLE)
    return _undo(task, list(later.order_by("-pk")), by, now)


def _undo(task: Task, entries: Iterable[HistoryEntry], by: Actor, now: datetime | None) -> int:
    """Undoes entries, given newest first; all or nothing."""
    with locked(task) as found:
        document = copy(found.hyperparams)
        objects = stored_configuration(found)
        execution: dict[str, str | None] = {}
        properties_only = True
        for entry in entries:
            kind = _kind_of(entry)
            if refusal := edit_refusal(found.status, kind, unlocked=found.properties_unlocked):
                raise TaskNotEditable(refusal, field="task")
            properties_only &= kind == "properties"
            if entry.what == "configuration":
                _undo_object(objects, entry)
            elif entry.what == EXECUTION:
                execution[entry.key] = entry.old
            elif entry.key == EVERYTHING:
                document = {**loads(entry.old or "{}"), **_properties_of(document)}
            else:
                _undo_value(document, entry)
        now = now or datetime.now(UTC)
        return write_execution(task=found, values=execution, by=by, now=now) + write_documents(
            task=found, hyperparams=document, configuration=objects, by=by, now=now,
            touch=not properties_only,
        )  # fmt: skip


def _kind_of(entry: HistoryEntry) -> Kind:
    if entry.what == "configuration":
        return "configuration"
    if entry.what == EXECUTION:
        return "execution"
    return "properties" if split_key(entry.key)[0] == PROPERTIES else "parameters"


def _undo_value(document: Document, entry: HistoryEntry) -> None:
    section, name = split_key(entry.key)
    item = document.get(section, {}).get(name)
    if entry.what in PARTS:
        if item is not None:
            document[section][name] = item._replace(**{entry.what: entry.old or None})
    elif entry.old is None:
        document.get(section, {}).pop(name, None)
    else:
        document.setdefault(section, {})[name] = (item or Item(None))._replace(value=entry.old)


def _undo_object(objects: dict[str, Object], entry: HistoryEntry) -> None:
    if entry.old is None:
        objects.pop(entry.key, None)
    else:
        known = objects.get(entry.key, Object(""))
        objects[entry.key] = known._replace(value=entry.old)


def _properties_of(document: Document) -> Document:
    return {PROPERTIES: document[PROPERTIES]} if PROPERTIES in document else {}
