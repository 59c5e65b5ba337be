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
from experiments.rules.document import PROPERTIES, Document, Item
from experiments.rules.status import OVER

Pair = tuple[tuple[str, str], Item | None, Item | None]


class Object(NamedTuple):
    """A configuration object without its name."""

    value: str
    type: str | None = None
    description: str | None = None


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
    touch: bool = True,
) -> int:
    """Stores what is given of a locked task's dictionaries; returns how many values differ.

    `touch` moves `last_update` too; an edit of user properties moves `last_change` only.
    """
    new = hyperparams if hyperparams is None else _without_empty(hyperparams)
    pairs = [] if new is None else list(_differing(task.hyperparams, new))
    parameters = [change for pair in pairs for change in _item_changes(*pair)]
    objects = [] if configuration is None else list(_object_differences(task, configuration))
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
        _write_objects(task, objects, configuration or {}, by, now)
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


def _write_objects(
    task: Task,
    changes: list[Change],
    configuration: Mapping[str, Object],
    by: Actor,
    now: datetime,
) -> None:
    history.record(task=task, changes=changes, by=by, now=now)
    names = [change.key for change in changes]
    gone = [name for name in names if name not in configuration]
    ConfigurationObject.objects.filter(task=task, name__in=gone).delete()
    ConfigurationObject.objects.bulk_create(
        [
            ConfigurationObject(task=task, name=name, **configuration[name]._asdict())
            for name in names
            if name in configuration
        ],
        update_conflicts=True,
        unique_fields=["task", "name"],
        update_fields=["value", "type", "description"],
    )


def _without_empty(document: Document) -> Document:
    return {section: items for section, items in document.items() if items}


def _order(document: Document) -> list[list[str]]:
    return [[section, *items] for section, items in document.items()]


def _differing(before: Document, after: Document) -> Iterator[Pair]:
    """The parameters that differ, section by section: most have not changed at all."""
    nothing: dict[str, Item] = {}
    for section in dict.fromkeys([*after, *before]):
        old, new = before.get(section, nothing), after.get(section, nothing)
        if old == new:
            continue
        for name in dict.fromkeys([*new, *old]):
            if old.get(name) != new.get(name):
                yield (section, name), old.get(name), new.get(name)


def _item_changes(key: tuple[str, str], old: Item | None, new: Item | None) -> Iterator[Change]:
    what = "properties" if key[0] == PROPERTIES else "parameters"
    full = "/".join(key)
    # A parameter without a recorded value is there all the same: "" stands for it.
    if old is None or new is None:
        yield Change(what, full, old and (old.value or ""), new and (new.value or ""))
        return
    for part, was, becomes in zip((what, "type", "description"), old, new, strict=True):
        if (was or "") != (becomes or ""):
            yield Change(part, full, was or "", becomes or "")


def _object_differences(task: Task, configuration: Mapping[str, Object]) -> Iterator[Change]:
    stored = stored_configuration(task)
    for name, wanted in configuration.items():
        found = stored.get(name)
        if found != wanted:
            yield Change("configuration", name, found and found.value, wanted.value)
    for name, found in stored.items():
        if name not in configuration:
            yield Change("configuration", name, found.value, None)
