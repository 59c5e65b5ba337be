"""Stopping a task: at once where nothing listens, else by asking the worker that runs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from experiments.models import Task, Worker
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.status import DEVELOPMENT, change_status
from experiments.rules.status import STOPPING, Status

# A worker that has not reported for so long is not waited for.
ALIVE = timedelta(minutes=10)
# Agents look every few seconds whether they are asked to stop; one that runs a single experiment
# (`clearml-agent execute`) never does. Who asks again after this long need not wait.
ANSWERED = timedelta(minutes=1)


def stop_task(
    *,
    task: Task,
    reason: str = "",
    message: str = "",
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> Task:
    """The task, stopped, or asked to stop when a worker runs it. Raises InvalidTaskStatus."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        with locked(task) as found:
            asks = not force and is_run_by_worker(found, now)
            asked = asks and found.status_message == STOPPING
        if asked and found.status_changed > now - ANSWERED:
            return found
        if not asks or asked:
            return change_status(
                task=task,
                to=Status.STOPPED,
                reason=reason,
                message=message,
                force=force,
                by=by,
                now=now,
            )
        Task.objects.filter(pk=task.pk).update(
            status_reason=reason,
            status_message=STOPPING,
            status_changed=now,
            last_update=now,
            last_change=now,
        )
        return Task.objects.select_related("project", "user", "parent").get(pk=task.pk)


def is_run_by_worker(task: Task, now: datetime) -> bool:
    """A script that was started by hand looks for the status itself; it has a tag that says so."""
    return (
        task.status == Status.IN_PROGRESS
        and DEVELOPMENT not in task.system_tags
        and bool(task.last_worker)
        and task.last_worker_report is not None
        and task.last_worker_report > now - ALIVE
        and Worker.objects.filter(name=task.last_worker, task=task, left=None).exists()
    )
