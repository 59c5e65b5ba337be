"""Queues and workers as the protocol shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from experiments.models import Queue, QueueEntry, Worker
from experiments.sdk.tokens import COMPANY_ID
from experiments.sdk.wire.times import to_wire

Wire = dict[str, Any]


def queue_to_wire(queue: Queue, entries: Sequence[QueueEntry] = (), *, named: bool = False) -> Wire:
    """With `named`, tasks and people come with their names."""
    return {
        "id": queue.uid,
        "name": queue.name,
        "user": _user(queue, named),
        "company": COMPANY_ID,
        "created": to_wire(queue.created),
        "last_update": to_wire(queue.last_update),
        "tags": queue.tags,
        "system_tags": queue.system_tags,
        "metadata": queue.metadata,
        "entries": [entry_to_wire(entry, named=named) for entry in entries],
    }


def entry_to_wire(entry: QueueEntry, *, named: bool = False) -> Wire:
    task = _named(entry.task.uid, entry.task.name) if named else entry.task.uid
    return {"task": task, "added": to_wire(entry.added)}


def worker_to_wire(
    worker: Worker, queues: Mapping[str, Queue], waiting: Mapping[int, Sequence[QueueEntry]]
) -> Wire:
    """`queues` by id; `waiting` what the caller may see in them."""
    listens = [queues[uid] for uid in worker.queues if uid in queues]
    return {
        "id": worker.name,
        "user": _named(worker.user.uid, str(worker.user)),
        "company": _named(COMPANY_ID, ""),
        "ip": worker.address,
        "register_time": to_wire(worker.registered),
        "register_timeout": worker.timeout,
        "last_activity_time": to_wire(worker.last_report),
        "last_report_time": to_wire(worker.last_report),
        "tags": worker.tags,
        "system_tags": worker.system_tags,
        "task": _running(worker, worker.last_report),
        "project": (
            _named(worker.task.project.uid, worker.task.project.name) if worker.task else None
        ),
        "queue": _named(worker.queue.uid, worker.queue.name) if worker.queue else None,
        "queues": [
            {
                **_named(queue.uid, queue.name),
                "num_tasks": len(waiting.get(queue.pk, ())),
                "next_task": _next(waiting.get(queue.pk, ())),
            }
            for queue in listens
        ],
    }


def _user(queue: Queue, named: bool) -> str | Wire | None:
    if queue.user is None:
        return None
    return _named(queue.user.uid, str(queue.user)) if named else queue.user.uid


def _running(worker: Worker, until: datetime) -> Wire | None:
    if worker.task is None:
        return None
    since = worker.task_since or until
    return {
        **_named(worker.task.uid, worker.task.name),
        "running_time": int((until - since).total_seconds() * 1000),
        "last_iteration": worker.task.last_iteration,
    }


def _next(entries: Sequence[QueueEntry]) -> Wire | None:
    return _named(entries[0].task.uid, entries[0].task.name) if entries else None


def _named(uid: str, name: str) -> Wire:
    return {"id": uid, "name": name}
