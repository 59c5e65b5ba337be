"""Tasks into queues and out of them: by people, by the SDK, and by the workers that take them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F

from experiments.errors import QueueNotEmpty, TaskAlreadyQueued
from experiments.models import Queue, QueueEntry, QueueSample, Role, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.queues import end_of, lock_queue
from experiments.operations.status import change_status
from experiments.queries.access import tasks_for
from experiments.rules.status import Status

# How many of those that wait longest are looked at for one that the worker may run.
LOOKED_AT = 100
MINUTE = timedelta(minutes=1)


def enqueue_task(
    *,
    task: Task,
    queue: Queue,
    reason: str = "",
    message: str = "",
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> Task:
    """Lets a task wait at the end of a queue; to wait in it already is a success.

    Raises InvalidTaskStatus, QueueNotFound, or TaskAlreadyQueued when it waits elsewhere.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        found = lock_queue(queue)
        entry = QueueEntry.objects.filter(task=task).select_related("queue").first()
        if entry is not None and entry.queue_id != found.pk:
            raise TaskAlreadyQueued(
                f"it is in {entry.queue.name}; move it from there, or dequeue it first",
                field="queue",
            )
        changed = change_status(
            task=task, to=Status.QUEUED, reason=reason, message=message, force=force, by=by, now=now
        )
        if entry is None:
            QueueEntry.objects.create(
                queue=found, task=task, position=end_of(found), added=now, by=by.user
            )
            changed.execution = {**changed.execution, "queue": found.uid}
            changed.save(update_fields=["execution"])
            _sample(found, now)
        return changed


def dequeue_task(
    *,
    task: Task,
    to: Status = Status.CREATED,
    reason: str = "",
    message: str = "",
    by: Actor,
    now: datetime | None = None,
) -> bool:
    """Takes a task out of its queue; whether it was in one.

    One that has its status from the queue gets the status `to`; others keep theirs, since a
    worker says that it has taken a task after it has started it.
    """
    now = now or datetime.now(UTC)
    with locked(task) as found:
        entry = QueueEntry.objects.filter(task=found).select_related("queue").first()
        if entry is not None:
            entry.delete()
            _sample(entry.queue, now)
        if found.status == Status.QUEUED:
            changed = change_status(
                task=found, to=to, reason=reason, message=message, by=by, now=now
            )
            if to is Status.CREATED:
                changed.execution.pop("queue", None)
                changed.save(update_fields=["execution"])
        return entry is not None


def take_next(
    *, queue: Queue, only: Task | None = None, by: Actor, now: datetime | None = None
) -> QueueEntry | None:
    """The entry of the task that is to run next, taken out of the queue; None: none waits.

    Of many workers each gets another. Tasks that the worker's user may not edit stay. `only`
    asks for one task out of its turn.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        waiting = QueueEntry.objects.filter(queue=queue).order_by("position", "id")
        if only is not None:
            waiting = waiting.filter(task=only)
        first = list(waiting.values_list("pk", "task__uid")[:LOOKED_AT])
        may = tasks_for(by.user, [uid for _, uid in first], Role.EDITOR) if first else {}
        for entry, uid in first:
            if uid not in may:
                continue
            # One that another worker is taking at this moment is passed over, not waited for.
            rows = QueueEntry.objects.select_for_update(skip_locked=True, of=("self",))
            found = rows.filter(pk=entry).first()
            if found is None:
                continue
            found.task = may[uid]
            QueueEntry.objects.filter(pk=entry).delete()
            _sample(queue, now, waited=(now - found.added).total_seconds())
            return found
    return None


def move_to_queue(*, task: Task, queue: Queue, by: Actor, now: datetime | None = None) -> None:
    """From one queue to the end of another; how long it has waited counts on."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        found = lock_queue(queue)
        entry = QueueEntry.objects.filter(task=task).select_related("queue").first()
        if entry is None:
            enqueue_task(task=task, queue=found, by=by, now=now)
            return
        left, entry.queue, entry.position = entry.queue, found, end_of(found)
        entry.save(update_fields=["queue", "position"])
        with locked(task) as changed:
            changed.execution = {**changed.execution, "queue": found.uid}
            changed.save(update_fields=["execution"])
        for each in (left, found):
            _sample(each, now)


def delete_queue(*, queue: Queue, force: bool = False, by: Actor) -> None:
    """Raises QueueNotEmpty unless forced; what waited in it then becomes a draft again."""
    with transaction.atomic():
        found = lock_queue(queue)
        waiting = [entry.task for entry in found.entries.select_related("task")]
        if waiting and not force:
            raise QueueNotEmpty(f"{len(waiting):,} experiments wait in {found.name}", field="queue")
        for task in waiting:
            dequeue_task(task=task, by=by)
        found.delete()


def clear_queue(*, queue: Queue, by: Actor) -> list[Task]:
    """Makes drafts of all that wait and that `by` may edit; returns them."""
    with transaction.atomic():
        found = lock_queue(queue)
        order = found.entries.order_by("position", "id")
        waiting = list(order.values_list("task__uid", flat=True))
        tasks = tasks_for(by.user, waiting, Role.EDITOR)
        cleared = [tasks[uid] for uid in waiting if uid in tasks]
        for task in cleared:
            dequeue_task(task=task, by=by)
        return cleared


def _sample(queue: Queue, now: datetime, *, waited: float | None = None) -> None:
    """Notes the length of the queue, and how long somebody waited, in the minute's row."""
    minute = now.replace(second=0, microsecond=0)
    row, _ = QueueSample.objects.get_or_create(queue=queue, minute=minute)
    changes = {"entries": QueueEntry.objects.filter(queue=queue).count()}
    if waited is not None:
        changes |= {"taken": F("taken") + 1, "waited": F("waited") + max(0.0, waited)}
    QueueSample.objects.filter(pk=row.pk).update(**changes)
