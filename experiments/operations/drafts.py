"""Many drafts from one experiment at once, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from experiments.errors import InvalidField
from experiments.models import ConfigurationObject, Project, Queue, QueueEntry, Task
from experiments.operations.actor import Actor
from experiments.operations.bulk import IndexBatch
from experiments.operations.cloning import copied_fields, copy_sections
from experiments.operations.deleting import delete_task
from experiments.operations.documents import Object
from experiments.operations.queueing import enqueue_task
from experiments.operations.tasks import checked_fields, checked_task_name
from experiments.rules.document import Document, copy
from experiments.rules.status import Status
from experiments.rules.variations import MOST

# What the texts of all drafts together may come to: a thousand copies of a large object are not
# what anybody means.
MOST_BYTES = 500_000_000
_LONGEST_NAME = 1024


@dataclass(frozen=True, slots=True)
class Undone:
    """`kept` are drafts that somebody has worked with since."""

    deleted: int
    kept: int


def make_drafts(
    *,
    task: Task,
    name: str,
    values: Sequence[Mapping[tuple[str, str], str]],
    project: Project | None = None,
    parent: Task | None = None,
    changes: Mapping[str, Any] | None = None,
    queue: Queue | None = None,
    by: Actor,
    now: datetime | None = None,
) -> list[Task]:
    """One draft for each of `values`, in one transaction; with `queue` they wait there.

    `changes` are fields of `create_task` that all drafts have; `values` are texts by section
    and name, and stand in a draft's name where there are several. Raises InvalidField.
    """
    now = now or datetime.now(UTC)
    fields = checked_fields({**copied_fields(task), **(changes or {})})
    document, objects = fields.pop("hyperparams"), fields.pop("configuration")
    _limit(len(values), objects)
    drafts = [
        Task(
            project=project or task.project,
            user=by.user,
            name=checked_task_name(_name(name, each) if len(values) > 1 else name),
            type=task.type,
            parent=parent,
            created=now,
            status_changed=now,
            last_update=now,
            last_change=now,
            hyperparams=_with(document, each),
            document_version=1,
            document_client=by.client,
            **fields,
        )
        for each in values
    ]
    with transaction.atomic():
        _store(drafts, objects)
        copy_sections(task, drafts)
        if queue is not None:
            for draft in drafts:
                enqueue_task(task=draft, queue=queue, by=by, now=now)
    return drafts


def undo_drafts(*, made: datetime, by: Actor) -> Undone:
    """Deletes the drafts that `by` made at one moment, except those that were changed since."""
    with transaction.atomic():
        found = Task.objects.filter(user=by.user, created=made).select_related("project")
        waiting = set(QueueEntry.objects.filter(task__in=found).values_list("task", flat=True))
        untouched = [
            task
            for task in found
            if (task.last_change, task.document_version) == (made, 1)
            # One that has left its queue is in the hands of a worker.
            and (task.status == Status.CREATED or task.pk in waiting)
        ]
        for task in untouched:
            delete_task(task=task, force=True, by=by)
        return Undone(len(untouched), len(found) - len(untouched))


def _limit(number: int, objects: Mapping[str, Object]) -> None:
    if not 1 <= number <= MOST:
        raise InvalidField(
            f"that makes {number:,} drafts, at most {MOST:,} at once", field="values"
        )
    size = number * sum(len(found.value) for found in objects.values())
    if number > 1 and size > MOST_BYTES:
        raise InvalidField(
            f"the configuration objects of {number:,} drafts would come to {size / 1e6:,.0f} MB,"
            f" at most {MOST_BYTES / 1e6:,.0f} MB are possible at once",
            field="values",
        )


def _name(name: str, values: Mapping[tuple[str, str], str]) -> str:
    told = " ".join(f"{key[1].rpartition('/')[2]}={text}" for key, text in values.items())
    return f"{name}: {told}"[:_LONGEST_NAME]


def _with(document: Document, values: Mapping[tuple[str, str], str]) -> Document:
    changed = copy(document)
    for (section, name), text in values.items():
        changed[section][name] = changed[section][name]._replace(value=text)
    return changed


def _store(drafts: Sequence[Task], objects: Mapping[str, Object]) -> None:
    Task.objects.bulk_create(drafts)
    index = IndexBatch()
    for draft in drafts:
        index.add_document(draft)
    index.write()
    ConfigurationObject.objects.bulk_create(
        ConfigurationObject(task=draft, name=name, **found._asdict())
        for draft in drafts
        for name, found in objects.items()
    )
