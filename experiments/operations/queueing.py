"""Tasks into queues and out of them: by people, by the SDK, and by the workers that take them.

Tasks are held before queues, queues before entries, and samples come last (`lock_queue`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from experiments.errors import (
    NotAllowed,
    QueueNotEmpty,
    TaskAlreadyQueued,
    TaskNotInQueue,
)
from experiments.models import Project, Queue, QueueEntry, QueueSample, Role, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.queues import end_of, hold_entry, lock_queue
from experiments.operations.status import change_status
from experiments.queries.access import role_in, tasks_for
from experiments.rules.activity import KEPT
from experiments.rules.status import Status

# How many of those that wait longest are looked at for one that the worker may run.
LOOKED_AT = 100
_MAY_RUN = frozenset({Role.EDITOR, Role.OWNER})


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
    with locked(task) as held:
        found = lock_queue(queue)
        entry = _entry_of(held)
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
            _note_queue(changed, found)
            _sample([found], now)
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
        entry = _entry_of(found)
        was_in = entry is not None and _remove(entry)
        _leave(found, to, by, now, reason=reason, message=message)
        if entry is not None:
            _sample([entry.queue], now)
        return was_in


def dequeue_tasks(
    *, queue: Queue, tasks: Iterable[Task], by: Actor, now: datetime | None = None
) -> list[Task]:
    """Makes drafts of those of the tasks that still wait in `queue`; returns them.

    Raises QueueNotFound.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        held, left = _hold(tasks), []
        # Held, so that nobody gives several entries other places while several are removed.
        found = lock_queue(queue)
        for task in held:
            entry = _entry_of(task)
            if entry is not None and entry.queue_id == found.pk and _remove(entry):
                _leave(task, Status.CREATED, by, now)
                left.append(task)
        if left:
            _sample([queue], now)
        return left


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
        first = list(waiting.values_list("pk", "task__project_id")[:LOOKED_AT])
        may = _runnable({project for _, project in first}, by)
        # One that another worker is taking at this moment is passed over, not waited for.
        rows = QueueEntry.objects.select_for_update(skip_locked=True, of=("self",))
        found = (
            rows.filter(pk__in=[entry for entry, project in first if project in may])
            .select_related("task", "task__project", "task__user")
            .order_by("position", "id")
            .first()
        )
        if found is None:
            return None
        _remove(found)
        _sample([queue], now, waited=(now - found.added).total_seconds())
        return found


def move_to_queue(*, task: Task, queue: Queue, by: Actor, now: datetime | None = None) -> None:
    """From one queue to the end of another; how long it has waited counts on.

    Raises TaskNotInQueue, QueueNotFound.
    """
    if not move_tasks(tasks=[task], queue=queue, by=by, now=now):
        raise TaskNotInQueue(task.name, field="task")


def move_tasks(
    *,
    tasks: Iterable[Task],
    queue: Queue,
    out_of: Queue | None = None,
    by: Actor,
    now: datetime | None = None,
) -> list[Task]:
    """Moves those of the tasks that still wait (in `out_of`, if given) to the end of a queue."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        held = [(task, _entry_of(task)) for task in _hold(tasks)]
        waiting = [
            (task, entry)
            for task, entry in held
            if entry is not None and (out_of is None or entry.queue_id == out_of.pk)
        ]
        left = {entry.queue_id: entry.queue for _, entry in waiting}
        found = {pk: lock_queue(each) for pk, each in sorted({**left, queue.pk: queue}.items())}
        # The first in line stays the first of them; what is in the other queue already stays put.
        waiting.sort(key=lambda pair: (pair[1].position, pair[1].pk))
        moved = [
            task
            for task, entry in waiting
            if entry.queue_id == queue.pk or _append(task, entry, found[queue.pk])
        ]
        _sample(found.values(), now)
        return moved


def delete_queue(*, queue: Queue, force: bool = False, by: Actor) -> None:
    """Raises QueueNotEmpty unless forced; what waited in it then becomes a draft again.

    Raises NotAllowed when that would be a task that `by` may not edit.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        waiting = _hold_waiting(queue)
        found = lock_queue(queue)
        entries = {entry.task_id: entry for entry in found.entries.all()}
        if entries and not force:
            raise QueueNotEmpty(f"{_experiments(len(entries))} in {found.name}", field="queue")
        if entries.keys() - {task.pk for task in waiting}:
            raise QueueNotEmpty(f"another was put into {found.name} just now", field="queue")
        _check_editor([task for task in waiting if task.pk in entries], by)
        for task in waiting:
            if task.pk in entries and _remove(entries[task.pk]):
                _leave(task, Status.CREATED, by, now)
        found.delete()


def clear_queue(*, queue: Queue, by: Actor) -> list[Task]:
    """Makes drafts of all that wait and that `by` may edit; returns them."""
    order = QueueEntry.objects.filter(queue=queue).order_by("position", "id")
    waiting = list(order.values_list("task__uid", flat=True))
    tasks = tasks_for(by.user, waiting, Role.EDITOR)
    left = {task.pk for task in dequeue_tasks(queue=queue, tasks=tasks.values(), by=by)}
    return [tasks[uid] for uid in waiting if uid in tasks and tasks[uid].pk in left]


def _entry_of(task: Task) -> QueueEntry | None:
    return QueueEntry.objects.filter(task=task).select_related("queue").first()


def _hold(tasks: Iterable[Task]) -> list[Task]:
    """The rows as they are now, held until the transaction ends, in an order all agree on."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("project")
    return list(rows.filter(pk__in=[task.pk for task in tasks]).order_by("pk"))


def _hold_waiting(queue: Queue) -> list[Task]:
    rows = Task.objects.select_for_update(of=("self",)).select_related("project")
    return list(rows.filter(queue_entry__queue=queue).order_by("pk"))


def _remove(entry: QueueEntry) -> bool:
    """Whether it was still there: a worker takes entries without holding their tasks."""
    deleted, _ = QueueEntry.objects.filter(pk=entry.pk).delete()
    return deleted > 0


def _append(task: Task, entry: QueueEntry, queue: Queue) -> bool:
    held = hold_entry(entry)
    if held is None:
        return False
    held.queue, held.position = queue, end_of(queue)
    held.save(update_fields=["queue", "position"])
    _note_queue(task, queue)
    return True


def _leave(
    task: Task, to: Status, by: Actor, now: datetime, *, reason: str = "", message: str = ""
) -> None:
    if task.status != Status.QUEUED:
        return
    changed = change_status(task=task, to=to, reason=reason, message=message, by=by, now=now)
    if to is Status.CREATED:
        changed.execution.pop("queue", None)
        changed.save(update_fields=["execution"])


def _note_queue(task: Task, queue: Queue) -> None:
    task.execution = {**task.execution, "queue": queue.uid}
    task.save(update_fields=["execution"])


def _runnable(projects: Collection[int], by: Actor) -> set[int]:
    found = Project.objects.filter(pk__in=projects)
    return {project.pk for project in found if role_in(by.user, project) in _MAY_RUN}


def _check_editor(tasks: list[Task], by: Actor) -> None:
    may = tasks_for(by.user, [task.uid for task in tasks], Role.EDITOR)
    if others := len(tasks) - len(may):
        raise NotAllowed(
            f"{_experiments(others)} in it of projects in which you are not an editor",
            field="queue",
        )


def _experiments(number: int) -> str:
    return "one experiment waits" if number == 1 else f"{number:,} experiments wait"


def _sample(queues: Iterable[Queue], now: datetime, *, waited: float | None = None) -> None:
    """Notes the length of queues, and how long somebody waited, in the minute's row."""
    minute = now.replace(second=0, microsecond=0)
    for queue in sorted(queues, key=lambda queue: queue.pk):
        row, made = QueueSample.objects.get_or_create(queue=queue, minute=minute)
        if made:
            # So a queue keeps a month and no more, however long the server runs.
            QueueSample.objects.filter(queue=queue, minute__lt=minute - KEPT).delete()
        changes = {"entries": QueueEntry.objects.filter(queue=queue).count()}
        if waited is not None:
            changes |= {"taken": F("taken") + 1, "waited": F("waited") + max(0.0, waited)}
        QueueSample.objects.filter(pk=row.pk).update(**changes)
