"""The one place where a task's dictionaries change: rows, index and history together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from experiments.errors import TaskNotFound
from experiments.models import ConfigurationObject, Task
from experiments.operations import history
from experiments.operations.actor import Actor
from experiments.operations.history import Change
from experiments.operations.indexing import document_entries, replace_index
from experiments.operations.reads import forget_reads, keep_what_others_know
from experiments.rules.differences import Key, Pair, differing, parameter_changes, parts
from experiments.rules.document import Document
from experiments.rules.status import OVER

# What each field of an object is called in the history.
OBJECT_PARTS = ("configuration", "object type", "object about")


class Object(NamedTuple):
    """A configuration object without its name."""

    value: str
    type: str | None = None
    description: str | None = None


ObjectPair = tuple[Object | None, Object | None]


@contextmanager
def locked(task: Task) -> Iterator[Task]:
    """The row as it is now, held until the block ends (SQLite: the whole database is held)."""
    with transaction.atomic():
        rows = Task.objects.select_for_update(of=("self",)).select_related("project")
        found = rows.filter(pk=task.pk).first()
        if found is None:
            raise TaskNotFound(f"id={task.uid}; it was deleted meanwhile", field="task")
        yield found


def stored_configuration(task: Task) -> dict[str, Object]:
    rows = ConfigurationObject.objects.filter(task=task).order_by("id")
    return {row.name: Object(row.value, row.type, row.description) for row in rows}


def write_documents(
    *,
    task: Task,
    by: Actor,
    now: datetime,
    hyperparams: Document | None = None,
    configuration: Mapping[str, Object] | None = None,
    runtime: dict[str, Any] | None = None,
    renames: Mapping[Key, Key] | None = None,
    touch: bool = True,
) -> int:
    """Stores what is given of a locked task's dictionaries; returns how many values differ.

    `renames` says what a new name was before, where that is known. `touch` moves `last_update`
    too; an edit of user properties moves `last_change` only.
    """
    new = hyperparams if hyperparams is None else _without_empty(hyperparams)
    pairs = [] if new is None else list(differing(task.hyperparams, new))
    parameters = list(parameter_changes(task.hyperparams, new or {}, pairs, renames or {}))
    objects = {} if configuration is None else _differing_objects(task, configuration)
    rewritten = bool(pairs) or (new is not None and _order(new) != _order(task.hyperparams))
    runs_differently = runtime is not None and runtime != task.runtime
    if not (rewritten or objects or runs_differently):
        return 0
    keep_what_others_know(task=task, by=by)
    if new is not None and rewritten:
        _index_again(task, pairs)
        history.record_document(
            task=task, changes=parameters, before=task.hyperparams, by=by, now=now
        )
        task.hyperparams = new
    if objects:
        _write_objects(task, objects, by, now)
    if runtime is not None:
        task.runtime = runtime
    if task.document_client != by.client:
        forget_reads(task=task, by=by)
    task.document_version += 1
    task.document_client = by.client
    task.last_change = now
    task.last_update = now if touch else task.last_update
    if (parameters or objects) and task.status in OVER:
        task.edited_after_run = True
    task.save(
        update_fields=[
            "hyperparams",
            "runtime",
            "document_version",
            "document_client",
            "edited_after_run",
            "last_change",
            "last_update",
        ]
    )
    return len(parameters) + len(objects) + runs_differently


def _index_again(task: Task, pairs: Sequence[Pair]) -> None:
    """Only what differs: the rest would be looked up and compared for nothing."""
    gone: Document = {}
    come: Document = {}
    for (section, name), old, new in pairs:
        for part, item in ((gone, old), (come, new)):
            if item is not None:
                part.setdefault(section, {})[name] = item
    replace_index(task.project_id, task.id, document_entries(gone), document_entries(come))


def _write_objects(task: Task, objects: Mapping[str, ObjectPair], by: Actor, now: datetime) -> None:
    changes = [change for name, pair in objects.items() for change in _object_changes(name, *pair)]
    history.record(task=task, changes=changes, by=by, now=now)
    gone = [name for name, (_, new) in objects.items() if new is None]
    ConfigurationObject.objects.filter(task=task, name__in=gone).delete()
    ConfigurationObject.objects.bulk_create(
        [
            ConfigurationObject(task=task, name=name, **new._asdict())
            for name, (_, new) in objects.items()
            if new is not None
        ],
        update_conflicts=True,
        unique_fields=["task", "name"],
        update_fields=["value", "type", "description"],
    )


def _without_empty(document: Document) -> Document:
    return {section: items for section, items in document.items() if items}


def _order(document: Document) -> list[list[str]]:
    return [[section, *items] for section, items in document.items()]


def _differing_objects(task: Task, configuration: Mapping[str, Object]) -> dict[str, ObjectPair]:
    stored = stored_configuration(task)
    names = dict.fromkeys([*configuration, *stored])
    pairs = {name: (stored.get(name), configuration.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _object_changes(name: str, old: Object | None, new: Object | None) -> Iterator[Change]:
    if old is None:
        yield Change("configuration", name, None, new and new.value)
    elif new is None:
        yield Change("configuration", name, old.value, None, parts(old.type, old.description))
    else:
        for what, was, becomes in zip(OBJECT_PARTS, old, new, strict=True):
            if (was or "") != (becomes or ""):
                yield Change(what, name, was or "", becomes or "")
