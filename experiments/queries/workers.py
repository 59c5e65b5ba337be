"""Workers that are there, and what they reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Max, Value, When

from experiments.models import Task, User, Worker, WorkerSample
from experiments.models.fields import stored_value
from experiments.queries.access import visible_projects

_SECOND = stored_value(datetime.fromtimestamp(1, UTC))


@dataclass(frozen=True, slots=True)
class WorkerState:
    """`task` is what it runs, if that may be seen; `busy` whether it runs anything."""

    worker: Worker
    there: bool
    busy: bool
    task: Task | None


class Present(NamedTuple):
    """How many workers were there in an interval, and how many of them ran something."""

    there: int
    busy: int


def is_there(worker: Worker, now: datetime) -> bool:
    """Whether it reported before its time-out, and has not said goodbye."""
    alive = worker.last_report >= now - timedelta(seconds=worker.timeout)
    return worker.left is None and alive


def workers_seen(
    user: User, *, within: float | None = None, now: datetime | None = None
) -> list[Worker]:
    """Those that reported in the last `within` seconds, or before their own time-out.

    A task that `user` may not see is left out of its worker.
    """
    now = now or datetime.now(UTC)
    rows = Worker.objects.select_related("user", "queue", "task", "task__project")
    visible = visible_projects(user)
    found = []
    for worker in rows.filter(left=None).order_by("name"):
        life = timedelta(seconds=worker.timeout if within is None else within)
        if worker.last_report < now - life:
            continue
        if worker.task and visible is not None and worker.task.project_id not in visible:
            worker.task = None
        found.append(worker)
    return found


def worker_states(user: User, *, since: datetime, now: datetime) -> list[WorkerState]:
    """Those that are there, by name, then those that are gone but were there after `since`."""
    rows = Worker.objects.select_related("task__project").only(
        "name", "address", "registered", "last_report", "left", "timeout", "tags", "queues",
        "queue", "task_since", "task__uid", "task__name", "task__project__uid",
        "task__project__name",
    )  # fmt: skip
    visible = visible_projects(user)
    found = []
    for worker in rows.order_by("name"):
        there = is_there(worker, now)
        if not there and worker.last_report < since:
            continue
        task = worker.task if there else None
        seen = task if task and (visible is None or task.project_id in visible) else None
        found.append(WorkerState(worker, there, busy=task is not None, task=seen))
    return sorted(found, key=lambda state: not state.there)


def watched_queues(*, now: datetime | None = None) -> set[str]:
    """Ids of the queues that some worker listens to."""
    now = now or datetime.now(UTC)
    there = (worker for worker in Worker.objects.filter(left=None) if is_there(worker, now))
    return {uid for worker in there for uid in worker.queues}


def worker_samples(
    *, since: datetime, until: datetime, names: Iterable[str] | None = None
) -> list[WorkerSample]:
    rows = WorkerSample.objects.filter(minute__gte=since, minute__lte=until)
    if names is not None:
        rows = rows.filter(worker__name__in=list(names))
    return list(rows.select_related("worker").order_by("worker__name", "minute"))


def workers_over_time(*, since: datetime, until: datetime, seconds: int) -> dict[int, Present]:
    """Start of an interval in seconds since 1970 -> who was there; without anybody left out."""
    # By worker, since that is how samples can be found without reading all of them.
    workers = Worker.objects.filter(last_report__gte=since).values_list("pk", flat=True)
    slot = ExpressionWrapper(F("minute") / Value(seconds * _SECOND), output_field=BigIntegerField())
    rows = (
        WorkerSample.objects.filter(worker__in=list(workers), minute__range=(since, until))
        .annotate(slot=slot)
        .values_list("slot", "worker")
        .annotate(was_busy=Max(Case(When(busy=True, then=1), default=0)))
        .order_by()
    )
    found: dict[int, Present] = {}
    for at, _, was_busy in rows:
        there, busy = found.get(at * seconds, Present(0, 0))
        found[at * seconds] = Present(there + 1, busy + was_busy)
    return found
