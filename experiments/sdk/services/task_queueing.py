"""Tasks into queues, out of them, and stopped."""

from __future__ import annotations

from experiments.models import Queue, Role
from experiments.operations.queueing import dequeue_task, enqueue_task
from experiments.operations.queues import create_queue
from experiments.operations.stopping import stop_task
from experiments.queries.access import task_for
from experiments.queries.queues import default_queue, queue_for, queue_named
from experiments.queries.workers import watched_queues
from experiments.rules.status import Status
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.services.task_status import Change, changed_to_wire


class Enqueue(Change, kw_only=True):
    queue: str | None = None
    queue_name: str | None = None
    verify_watched_queue: bool = False


class Dequeue(Request):
    arrives_whole = True

    task: str
    status_reason: str = ""
    status_message: str = ""
    new_status: str | None = None
    remove_from_all_queues: bool = False


@endpoint("tasks.enqueue_many", Enqueue, since="2.13", writes=True, many_of="task")
@endpoint("tasks.enqueue", Enqueue, writes=True)
def enqueue(call: Call, *, request: Enqueue) -> Reply:
    """Lets a task wait for a worker, in the given queue or the default one."""
    queue = _queue(call, request)
    task = enqueue_task(
        task=task_for(call.user, request.task, Role.EDITOR),
        queue=queue,
        reason=request.status_reason,
        message=request.status_message,
        force=request.force,
        by=call.actor,
    )
    reply = {"queued": 1, **changed_to_wire(task)}
    reply["fields"]["execution.queue"] = queue.uid
    if request.verify_watched_queue:
        reply["queue_watched"] = queue.uid in watched_queues()
    return reply


@endpoint("tasks.dequeue_many", Dequeue, since="2.13", writes=True, many_of="task")
@endpoint("tasks.dequeue", Dequeue, writes=True)
def dequeue(call: Call, *, request: Dequeue) -> Reply:
    """Takes a task out of its queue; not to be in one is a success."""
    task = task_for(call.user, request.task, Role.EDITOR)
    removed = dequeue_task(
        task=task,
        to=_status(request.new_status),
        reason=request.status_reason,
        message=request.status_message,
        by=call.actor,
    )
    now = task_for(call.user, request.task)
    return {"dequeued": int(removed), **changed_to_wire(now)}


@endpoint("tasks.stop_many", Change, writes=True, many_of="task")
@endpoint("tasks.stop", Change, writes=True)
def stop(call: Call, *, request: Change) -> Reply:
    """Stops a task, or asks the worker that runs it to."""
    task = stop_task(
        task=task_for(call.user, request.task, Role.EDITOR),
        reason=request.status_reason,
        message=request.status_message,
        force=request.force,
        by=call.actor,
    )
    return changed_to_wire(task)


def _queue(call: Call, request: Enqueue) -> Queue:
    if request.queue:
        return queue_for(request.queue)
    if request.queue_name:
        # A name that nobody has used yet is a new queue, as the SDK's users are used to.
        found = queue_named(request.queue_name)
        return found or create_queue(name=request.queue_name, by=call.actor)
    return default_queue()


def _status(name: str | None) -> Status:
    return Status(name) if name in set(Status) else Status.CREATED
