"""Workers: they register, report and leave; and who is there."""

from __future__ import annotations

from typing import Any

from experiments.models import Role
from experiments.operations.workers import note_report, register_worker, unregister_worker
from experiments.queries.access import task_for
from experiments.queries.queues import entries_of, queue_for, queues
from experiments.queries.workers import workers_seen
from experiments.sdk.auth import Call
from experiments.sdk.get_all.lists import Value, read_list
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Integer, Request
from experiments.sdk.wire.queues import worker_to_wire


class Register(Request):
    arrives_whole = True

    worker: str
    timeout: Count | None = None
    queues: list[str] | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None


class Unregister(Request):
    worker: str
    queues: list[str] | None = None


class StatusReport(Request):
    arrives_whole = True

    worker: str
    timestamp: Integer | None = None
    task: str | None = None
    queue: str | None = None
    queues: list[str] | None = None
    machine_stats: dict[str, Any] | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None
    is_daemon: bool = False


class GetAll(Request):
    last_seen: Count = 3600
    tags: list[Value] | None = None
    system_tags: list[Value] | None = None


class GetCount(Request):
    last_seen: Count = 3600
    tags: list[Value] | None = None
    system_tags: list[Value] | None = None


@endpoint("workers.register", Register, since="2.4", writes=True)
def register(call: Call, *, request: Register) -> Reply:
    """A worker is there and listens to queues."""
    register_worker(
        name=request.worker,
        queues=[queue_for(uid).uid for uid in request.queues or ()],
        timeout=request.timeout,
        tags=request.tags or (),
        system_tags=request.system_tags or (),
        address=call.actor.host,
        by=call.actor,
    )
    return {}


@endpoint("workers.unregister", Unregister, since="2.4", writes=True)
def unregister(call: Call, *, worker: str, queues: list[str] | None) -> Reply:
    """A worker goes; it may say so twice."""
    unregister_worker(name=worker, by=call.actor)
    return {}


@endpoint("workers.status_report", StatusReport, since="2.4", writes=True)
def status_report(call: Call, *, request: StatusReport) -> Reply:
    """A sign of life: what a worker runs, and how its machine fares."""
    note_report(
        name=request.worker,
        task=task_for(call.user, request.task, Role.EDITOR) if request.task else None,
        queue=queue_for(request.queue) if request.queue else None,
        queues=request.queues,
        tags=request.tags,
        stats=request.machine_stats,
        address=call.actor.host,
        by=call.actor,
    )
    return {}


@endpoint("workers.get_all", GetAll, since="2.4")
def get_all(
    call: Call,
    *,
    last_seen: int,
    tags: list[str | None] | None,
    system_tags: list[str | None] | None,
) -> Reply:
    """The workers that reported lately, what they run and what waits for them."""
    found = _chosen(call, last_seen, tags, system_tags)
    known = {queue.uid: queue for queue in queues()}
    waiting = entries_of(call.user, list(known.values()))
    return {"workers": [worker_to_wire(worker, known, waiting) for worker in found]}


@endpoint("workers.get_count", GetCount, since="2.16")
def get_count(
    call: Call,
    *,
    last_seen: int,
    tags: list[str | None] | None,
    system_tags: list[str | None] | None,
) -> Reply:
    """How many workers reported lately."""
    return {"count": len(_chosen(call, last_seen, tags, system_tags))}


def _chosen(
    call: Call,
    last_seen: int,
    tags: list[str | None] | None,
    system_tags: list[str | None] | None,
) -> list[Any]:
    conditions = {
        "tags": read_list(tags or (), "tags"),
        "system_tags": read_list(system_tags or (), "system_tags"),
    }
    return [
        worker
        for worker in workers_seen(call.user, within=last_seen or None)
        if all(condition.holds(getattr(worker, name)) for name, condition in conditions.items())
    ]
