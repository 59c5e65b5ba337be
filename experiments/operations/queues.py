"""Queues: made and changed; and the order in which they keep what waits in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from experiments.errors import NotUnique, QueueNotFound, TaskNotInQueue
from experiments.models import Queue, QueueEntry, Task
from experiments.operations.actor import Actor
from experiments.rules.names import check_name

Place = Literal["front", "back"]


class _Place(NamedTuple):
    """What is needed of an entry to move it; queues may be long. Both are keys of rows."""

    entry: int
    task: int
    position: int


def create_queue(
    *,
    name: str,
    tags: list[str] | None = None,
    system_tags: list[str] | None = None,
    by: Actor,
    now: datetime | None = None,
) -> Queue:
    """Raises InvalidField, NotUnique."""
    now = now or datetime.now(UTC)
    queue, made = Queue.objects.get_or_create(
        name=check_name(name, "name"),
        defaults={
            "user": by.user,
            "tags": tags or [],
            "system_tags": system_tags or [],
            "created": now,
            "last_update": now,
        },
    )
    if not made:
        raise NotUnique(f"a queue named {queue.name}", field="name")
    return queue


def update_queue(
    *, queue: Queue, changes: dict[str, Any], by: Actor, now: datetime | None = None
) -> dict[str, Any]:
    """Sets the given of name, tags, system_tags and metadata; returns what was changed."""
    given = dict(changes)
    if "name" in given:
        given["name"] = check_name(given["name"], "name")
    with transaction.atomic():
        found = lock_queue(queue)
        if Queue.objects.filter(name=given.get("name")).exclude(pk=found.pk).exists():
            raise NotUnique(f"a queue named {given['name']}", field="name")
        changed = {name: value for name, value in given.items() if getattr(found, name) != value}
        if changed:
            changed["last_update"] = now or datetime.now(UTC)
            for name, value in changed.items():
                setattr(found, name, value)
            _save(found, changed)
    return changed


def place_entry(
    *,
    queue: Queue,
    task: Task,
    at: Place | int | None = None,
    by_steps: int = 0,
    before: str = "",
    after: str = "",
    by: Actor,
) -> int:
    """Moves a waiting task: to the front, the back, the place `at`, before or after another
    (by its id), or `by_steps` from its own place.

    Places count from 0 and are kept in range. Returns the one it has then. Raises
    TaskNotInQueue, also when the other is gone.
    """
    with transaction.atomic():
        lock_queue(queue)
        found = _held(queue, task)
        if at in {"front", "back"}:
            found.position = end_of(queue, front=at == "front")
            found.save(update_fields=["position"])
            return 0 if at == "front" else _in_order(queue).count() - 1
        order = [_Place(*row) for row in _in_order(queue).values_list("pk", "task_id", "position")]
        here = next(n for n, place in enumerate(order) if place.entry == found.pk)
        wanted = here + by_steps if at is None else int(at)
        if before or after:
            wanted = _beside(order, here, queue, before or after, below=bool(after))
        positions = [place.position for place in order]
        moved = order.pop(here)
        there = max(0, min(len(order), wanted))
        order.insert(there, moved)
        _give(positions, order)
        return there


def place_of(queue: Queue, task: Task) -> int:
    """How many wait before the task. Raises TaskNotInQueue."""
    uids = list(_in_order(queue).values_list("task_id", flat=True))
    if task.pk not in uids:
        raise TaskNotInQueue(f"{task.name} in {queue.name}", field="task")
    return uids.index(task.pk)


def end_of(queue: Queue, *, front: bool = False) -> int:
    """A position before all others, or after them."""
    ends = QueueEntry.objects.filter(queue=queue).aggregate(Min("position"), Max("position"))
    if front:
        return (ends["position__min"] or 0) - 1
    return (ends["position__max"] or 0) + 1


def lock_queue(queue: Queue) -> Queue:
    """The row as it is now, held until the transaction ends. Raises QueueNotFound.

    Tasks are held first, then queues, then entries: whoever keeps to that order never waits for
    somebody who waits for them.
    """
    # Not its key: workers that take from the queue meanwhile write rows that point at it.
    found = Queue.objects.select_for_update(no_key=True).filter(pk=queue.pk).first()
    if found is None:
        raise QueueNotFound(f"{queue.name} was deleted meanwhile", field="queue")
    return found


def hold_entry(entry: QueueEntry) -> QueueEntry | None:
    """The entry, held until the transaction ends; None when a worker has just taken it."""
    return QueueEntry.objects.select_for_update().filter(pk=entry.pk).first()


def _held(queue: Queue, task: Task) -> QueueEntry:
    """The entry of a task, which no worker takes until the transaction ends."""
    entry = QueueEntry.objects.filter(queue=queue, task=task).first()
    held = entry and hold_entry(entry)
    if held is None:
        raise TaskNotInQueue(f"{task.name} in {queue.name}", field="task")
    return held


def _beside(order: list[_Place], here: int, queue: Queue, uid: str, *, below: bool) -> int:
    """The place beside another, in the order without the one at `here`."""
    other = Task.objects.filter(uid=uid).values_list("pk", flat=True).first()
    place = next((n for n, each in enumerate(order) if each.task == other), None)
    if place is None:
        raise TaskNotInQueue(f"what was beside it in {queue.name}", field="task")
    if place == here:
        return here
    return place - (place > here) + below


def _save(queue: Queue, changed: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            queue.save(update_fields=[*changed])
    except IntegrityError:
        raise NotUnique(f"a queue named {queue.name}", field="name") from None


def _in_order(queue: Queue) -> Any:
    return QueueEntry.objects.filter(queue=queue).order_by("position", "id")


def _give(positions: list[int], order: list[_Place]) -> None:
    """The positions there were, in the new order: only those between two places change."""
    moved = [
        QueueEntry(pk=place.entry, position=position)
        for position, place in zip(positions, order, strict=True)
        if place.position != position
    ]
    QueueEntry.objects.bulk_update(moved, ["position"], batch_size=400)
