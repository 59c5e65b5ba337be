"""Runs that nobody will end: their worker was killed, or its machine is gone.

Neither tells anybody, so it is noticed while another worker reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from experiments.models import Project, Task, Via, Worker, WorkerSample
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.status import DEVELOPMENT, change_status
from experiments.rules.status import Status

# Workers report twice a minute and what they run once a minute, even if it prints nothing.
ABANDONED = timedelta(minutes=10)
# Long enough for a night's maintenance of a network; a worker that comes back later ends its run.
SILENT = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
_LISTENED = 0.9


def fail_silent_tasks(*, heard: Worker, now: datetime) -> list[Task]:
    """Fails what a worker left behind or nothing is heard of, and says so; returns those.

    `heard` has just reported. If it did so all the time, silence is not the server's own.
    """
    found = [task for task in _quiet(now - ABANDONED) if DEVELOPMENT not in task.system_tags]
    if not found:
        return []
    workers = {each.name: each for each in _named(task.last_worker for task in found)}
    listened = _has_listened(heard, now)
    failed = []
    for task in found:
        if _is_left_behind(task, workers.get(task.last_worker), now):
            reason = f"Worker {task.last_worker} left this behind and did not say how it ended."
            failed += _fail(task, reason, ABANDONED, heard, now)
        elif listened and task.last_update < now - SILENT:
            reason = (
                f"Nothing was heard for two hours of worker {task.last_worker}, which ran this."
            )
            failed += _fail(task, reason, SILENT, heard, now)
    return failed


def _quiet(before: datetime) -> Iterable[Task]:
    """What workers run and nothing was heard of since.

    By project, since that is how tasks are indexed. Of time the database is not asked: SQLite
    would then walk all that is old to find the few that run.
    """
    projects = Project.objects.order_by().values("pk")
    rows = Task.objects.filter(project__in=projects, status=Status.IN_PROGRESS)
    fields = ("pk", "project", "last_worker", "last_update", "system_tags")
    return (
        task for task in rows.exclude(last_worker="").only(*fields) if task.last_update < before
    )


def _named(names: Iterable[str]) -> Iterable[Worker]:
    return Worker.objects.filter(name__in=set(names), left=None)


def _is_left_behind(task: Task, worker: Worker | None, now: datetime) -> bool:
    """Whether its worker is there and runs something else, or nothing."""
    return (
        worker is not None and worker.task_id != task.pk and worker.last_report >= now - ABANDONED
    )


def _has_listened(worker: Worker, now: datetime) -> bool:
    minutes = WorkerSample.objects.filter(worker=worker, minute__gt=now - SILENT).count()
    return minutes >= _LISTENED * (SILENT / MINUTE)


def _fail(task: Task, reason: str, silence: timedelta, heard: Worker, now: datetime) -> list[Task]:
    with locked(task) as found:
        if found.status != Status.IN_PROGRESS or found.last_update >= now - silence:
            return []
        by = Actor(user=heard.user, via=Via.SDK)
        return [change_status(task=found, to=Status.FAILED, reason=reason, by=by, now=now)]
