"""Workers that are there, and what they reported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from experiments.models import User, Worker, WorkerSample
from experiments.queries.access import visible_projects


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
    for worker in rows.order_by("name"):
        life = timedelta(seconds=worker.timeout if within is None else within)
        if worker.last_report < now - life:
            continue
        if worker.task and visible is not None and worker.task.project_id not in visible:
            worker.task = None
        found.append(worker)
    return found


def watched_queues(*, now: datetime | None = None) -> set[str]:
    """Ids of the queues that some worker listens to."""
    now = now or datetime.now(UTC)
    return {
        uid
        for worker in Worker.objects.all()
        if worker.last_report >= now - timedelta(seconds=worker.timeout)
        for uid in worker.queues
    }


def worker_samples(
    *, since: datetime, until: datetime, names: Iterable[str] | None = None
) -> list[WorkerSample]:
    rows = WorkerSample.objects.filter(minute__gte=since, minute__lte=until)
    if names is not None:
        rows = rows.filter(worker__name__in=list(names))
    return list(rows.select_related("worker").order_by("worker__name", "minute"))
