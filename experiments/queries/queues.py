"""Queues, what waits in them, and how long it has waited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from experiments.errors import NoDefaultQueue, QueueNotFound
from experiments.models import Queue, QueueEntry, QueueSample, User
from experiments.queries.access import visible_projects

DEFAULT = "default"


def queues() -> QuerySet[Queue]:
    """All of them, by name: what waits is somebody's, the queues are everybody's."""
    return Queue.objects.select_related("user").order_by("name")


def queue_for(uid: str) -> Queue:
    """By id, or by name where no id fits. Raises QueueNotFound."""
    found = Queue.objects.filter(Q(uid=uid) | Q(name=uid)).order_by("id").first()
    if found is None:
        raise QueueNotFound(f"id={uid[:200]}", field="queue")
    return found


def queue_named(name: str) -> Queue | None:
    return Queue.objects.filter(name=name.strip()).first()


def default_queue() -> Queue:
    """The one tagged `default`, else the one of that name. Raises NoDefaultQueue."""
    for queue in queues():
        if DEFAULT in queue.system_tags:
            return queue
    found = Queue.objects.filter(name=DEFAULT).first()
    if found is None:
        raise NoDefaultQueue
    return found


def entries_of(
    user: User, of: Sequence[Queue], *, most: int | None = None
) -> dict[int, list[QueueEntry]]:
    """What waits in queues, first to last, of the projects that `user` may see."""
    rows = QueueEntry.objects.filter(queue__in=of).order_by("queue", "position", "id")
    visible = visible_projects(user)
    if visible is not None:
        rows = rows.filter(task__project__in=visible)
    found: dict[int, list[QueueEntry]] = {queue.pk: [] for queue in of}
    for entry in rows.select_related("task", "task__project", "task__user"):
        if most is None or len(found[entry.queue_id]) < most:
            found[entry.queue_id].append(entry)
    return found


def lengths(of: Iterable[Queue]) -> dict[int, int]:
    """How many wait in each, whether they may be seen or not."""
    counted = QueueEntry.objects.filter(queue__in=list(of)).values("queue")
    return {row["queue"]: row["n"] for row in counted.annotate(n=Count("pk")).order_by()}


def queue_samples(of: Iterable[Queue], *, since: datetime, until: datetime) -> list[QueueSample]:
    rows = QueueSample.objects.filter(queue__in=list(of), minute__gte=since, minute__lte=until)
    return list(rows.order_by("queue", "minute"))
