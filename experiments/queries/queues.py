"""Queues, what waits in them, and how long it has waited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from experiments.errors import NoDefaultQueue, QueueNotFound
from experiments.models import Queue, QueueEntry, QueueSample, Role, User
from experiments.queries.access import projects_with, visible_projects

DEFAULT = "default"
_UID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class QueueState:
    """`since` is when the one came that waits longest, `active` when something last happened."""

    queue: Queue
    waiting: int
    since: datetime | None
    active: datetime


class Waiting(NamedTuple):
    """An entry and how many wait before it, counting those that may not be seen."""

    place: int
    entry: QueueEntry
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of what waits in a queue; `hidden` are in projects that may not be seen.

    `since` is when the one came that waits longest.
    """

    shown: list[Waiting]
    total: int
    since: datetime | None
    hidden: int
    editable: int


def queues() -> QuerySet[Queue]:
    """All of them, by name: what waits is somebody's, the queues are everybody's."""
    return Queue.objects.select_related("user").order_by("name")


def queue_for(uid: str) -> Queue:
    """By id, or by name where no id fits. Raises QueueNotFound."""
    found = Queue.objects.filter(Q(uid=uid) | Q(name=uid)).order_by("id").first()
    if found is None:
        raise QueueNotFound(f"id={uid[:200]}", field="queue")
    return found


def queue_with_id(uid: str) -> Queue:
    """By id and nothing else, as in addresses. Raises QueueNotFound."""
    found = queues().filter(uid=uid).first() if _UID.fullmatch(uid) else None
    if found is None:
        raise QueueNotFound("it was deleted, or never was", field="queue")
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


def line_of(user: User, queue: Queue, *, start: int = 0, limit: int = 100) -> Line:
    """At most `limit` of what `user` may see in a queue, after the first `start` of it."""
    rows = QueueEntry.objects.filter(queue=queue).order_by("position", "id")
    order = list(rows.values_list("pk", "task__project"))
    visible = visible_projects(user)
    seen = [
        (place, entry)
        for place, (entry, project) in enumerate(order)
        if visible is None or project in visible
    ]
    may_edit = projects_with(user, Role.EDITOR)
    shown = seen[start : start + limit]
    entries = _named([entry for _, entry in shown])
    return Line(
        shown=[
            Waiting(place, entries[pk], entries[pk].task.project_id in may_edit)
            for place, pk in shown
            if pk in entries
        ],
        total=len(order),
        since=rows.aggregate(since=Min("added"))["since"],
        hidden=len(order) - len(seen),
        editable=sum(project in may_edit for _, project in order),
    )


def lengths(of: Iterable[Queue]) -> dict[int, int]:
    """How many wait in each, whether they may be seen or not."""
    counted = QueueEntry.objects.filter(queue__in=list(of)).values("queue")
    return {row["queue"]: row["n"] for row in counted.annotate(n=Count("pk")).order_by()}


def queue_states(of: Iterable[Queue]) -> list[QueueState]:
    found = list(of)
    counted = QueueEntry.objects.filter(queue__in=found).values("queue").order_by()
    waiting = {row["queue"]: row for row in counted.annotate(n=Count("pk"), since=Min("added"))}
    sampled = QueueSample.objects.filter(queue__in=found).values("queue").order_by()
    last = {row["queue"]: row["at"] for row in sampled.annotate(at=Max("minute"))}
    return [
        QueueState(
            queue=queue,
            waiting=waiting[queue.pk]["n"] if queue.pk in waiting else 0,
            since=waiting[queue.pk]["since"] if queue.pk in waiting else None,
            active=max(queue.last_update, last.get(queue.pk, queue.last_update)),
        )
        for queue in found
    ]


def queue_samples(of: Iterable[Queue], *, since: datetime, until: datetime) -> list[QueueSample]:
    rows = QueueSample.objects.filter(queue__in=list(of), minute__gte=since, minute__lte=until)
    return list(rows.order_by("queue", "minute"))


def length_before(queue: Queue, at: datetime) -> int:
    """How many waited at a moment in the past: samples are only made when something happens."""
    rows = QueueSample.objects.filter(queue=queue, minute__lt=at).order_by("-minute")
    return next(iter(rows.values_list("entries", flat=True)[:1]), 0)


def _named(entries: list[int]) -> dict[int, QueueEntry]:
    """With what a list shows of them, and without the documents of their tasks."""
    rows = QueueEntry.objects.filter(pk__in=entries).select_related("task__project", "by")
    shown = rows.only(
        "queue", "position", "added", "by__username", "by__full_name", "task__uid", "task__name",
        "task__project__uid", "task__project__name",
    )  # fmt: skip
    return {entry.pk: entry for entry in shown}
