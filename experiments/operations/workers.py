"""Workers say that they are there, what they listen to, what they run and how they fare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from experiments.errors import TaskNotFound
from experiments.models import Queue, Task, Worker, WorkerSample
from experiments.operations.actor import Actor
from experiments.operations.silence import fail_silent_tasks
from experiments.rules.activity import KEPT
from experiments.rules.names import check_name

DEFAULT_TIMEOUT = 600
LONGEST_TIMEOUT = 30 * 24 * 3600


def register_worker(
    *,
    name: str,
    queues: Sequence[str] = (),
    timeout: int | None = None,
    tags: Sequence[str] = (),
    system_tags: Sequence[str] = (),
    address: str = "",
    by: Actor,
    now: datetime | None = None,
) -> Worker:
    """A worker that listens to `queues` (ids); one of that name is registered anew.

    It has just been started, so it runs nothing, whatever one of its name ran before.
    """
    now = now or datetime.now(UTC)
    facts = {
        "user": by.user,
        "address": address,
        "last_report": now,
        "left": None,
        "timeout": min(max(timeout or DEFAULT_TIMEOUT, 1), LONGEST_TIMEOUT),
        "tags": list(tags),
        "system_tags": list(system_tags),
        "queues": list(dict.fromkeys(queues)),
        "queue": None,
        "task": None,
        "task_since": None,
    }
    worker, made = Worker.objects.update_or_create(
        name=check_name(name, "worker"),
        defaults=facts,
        create_defaults={**facts, "registered": now},
    )
    if made:
        forget_workers(before=now - KEPT)
    return worker


def unregister_worker(*, name: str, by: Actor, now: datetime | None = None) -> bool:
    """Whether there was such a worker: they say goodbye twice. What it reported is kept."""
    there = Worker.objects.filter(name=name, left=None)
    return bool(there.update(left=now or datetime.now(UTC), task=None, task_since=None, queue=None))


def forget_workers(*, before: datetime) -> None:
    """Removes workers of which nothing was heard since `before`, with all they reported."""
    Worker.objects.filter(last_report__lt=before).delete()


def note_report(
    *,
    name: str,
    task: Task | None = None,
    queue: Queue | None = None,
    queues: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    stats: Mapping[str, Any] | None = None,
    address: str = "",
    by: Actor,
    now: datetime | None = None,
) -> Worker:
    """A sign of life; a worker that nobody knows is registered by it.

    The task it runs is alive with it. Raises TaskNotFound when it was deleted meanwhile.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        if task is not None:
            # Before the worker's row is held: who deletes a task holds it first, too.
            _keep_alive(task, name, now)
        rows = Worker.objects.select_for_update(of=("self",)).filter(
            name=check_name(name, "worker")
        )
        worker = rows.first() or register_worker(name=name, address=address, by=by, now=now)
        if worker.task_id != (task and task.pk):
            worker.task, worker.task_since = task, now if task else None
        worker.queue = queue or (worker.queue if task else None)
        worker.last_report, worker.left = now, None
        worker.address = address or worker.address
        if queues is not None:
            worker.queues = list(dict.fromkeys(queues))
        if tags is not None:
            worker.tags = list(tags)
        worker.save(
            update_fields=[
                "task", "task_since", "queue", "last_report", "left", "address", "queues", "tags",
            ]
        )  # fmt: skip
        is_new_minute = _sample(worker, stats or {}, now)
    if is_new_minute:
        fail_silent_tasks(heard=worker, now=now)
    return worker


def _keep_alive(task: Task, worker: str, now: datetime) -> None:
    name = check_name(worker, "worker")
    found = Task.objects.filter(pk=task.pk)
    if not found.update(last_worker=name, last_worker_report=now, last_update=now):
        raise TaskNotFound(f"id={task.uid}; it was deleted meanwhile", field="task")


def _sample(worker: Worker, stats: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is the minute's first."""
    minute = now.replace(second=0, microsecond=0)
    row, made = WorkerSample.objects.get_or_create(
        worker=worker,
        minute=minute,
        defaults={"busy": worker.task_id is not None, "stats": dict(stats)},
    )
    if made:
        # So a worker keeps a month and no more, however long the server runs.
        WorkerSample.objects.filter(worker=worker, minute__lt=minute - KEPT).delete()
    else:
        row.busy = row.busy or worker.task_id is not None
        row.stats = {**row.stats, **stats}
        row.save(update_fields=["busy", "stats"])
    return made
