"""Queues: listed, made, changed, and what waits in them."""

from __future__ import annotations

from typing import Any

from experiments.models import Role
from experiments.operations.queueing import delete_queue, take_next
from experiments.operations.queues import create_queue, update_queue
from experiments.queries.access import task_for
from experiments.queries.queues import default_queue, entries_of, lengths, queue_for, queues
from experiments.sdk.auth import Call
from experiments.sdk.get_all.few import choose
from experiments.sdk.get_all.queues import QUEUES, GetAll
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Nothing, Request
from experiments.sdk.tokens import COMPANY_ID
from experiments.sdk.wire.projection import read_projection
from experiments.sdk.wire.queues import entry_to_wire, queue_to_wire


class Create(Request):
    name: str
    tags: list[str] | None = None
    system_tags: list[str] | None = None


class Update(Request):
    arrives_whole = True

    queue: str
    name: str | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None


class GetById(Request):
    queue: str
    max_task_entries: Count | None = None


class OneQueue(Request):
    queue: str


class Delete(Request):
    queue: str
    force: bool = False


class GetNextTask(Request):
    queue: str
    get_task_info: bool = False
    task: str | None = None


@endpoint("queues.get_all", GetAll, since="2.4")
def get_all(call: Call, *, request: GetAll) -> Reply:
    """The queues, searched, sorted and by page, with what the caller may see in them."""
    return _listed(call, request, named=False)


@endpoint("queues.get_all_ex", GetAll, since="2.4")
def get_all_ex(call: Call, *, request: GetAll) -> Reply:
    """Like queues.get_all; the tasks and people in it come with their names."""
    return _listed(call, request, named=True)


@endpoint("queues.get_by_id", GetById, since="2.4")
def get_by_id(call: Call, *, queue: str, max_task_entries: int | None) -> Reply:
    """One queue and what waits in it."""
    found = queue_for(queue)
    entries = entries_of(call.user, [found], most=max_task_entries)
    return {"queue": queue_to_wire(found, entries[found.pk])}


@endpoint("queues.get_default", Nothing, since="2.4")
def get_default(call: Call) -> Reply:
    """The queue of workers that were not told one."""
    found = default_queue()
    return {"id": found.uid, "name": found.name}


@endpoint("queues.create", Create, since="2.4", writes=True)
def create(
    call: Call, *, name: str, tags: list[str] | None, system_tags: list[str] | None
) -> Reply:
    """A new queue."""
    return {"id": create_queue(name=name, tags=tags, system_tags=system_tags, by=call.actor).uid}


@endpoint("queues.update", Update, since="2.4", writes=True)
def update(call: Call, *, request: Update) -> Reply:
    """Renames a queue, or changes its tags."""
    given: dict[str, Any] = {
        name: value
        for name in ("name", "tags", "system_tags")
        if (value := getattr(request, name)) is not None
    }
    changed = update_queue(queue=queue_for(request.queue), changes=given, by=call.actor)
    return {"updated": int(bool(changed)), "fields": {name: changed.get(name) for name in given}}


@endpoint("queues.delete", Delete, since="2.4", writes=True)
def delete(call: Call, *, queue: str, force: bool) -> Reply:
    """Deletes a queue; with `force` also one in which something waits."""
    delete_queue(queue=queue_for(queue), force=force, by=call.actor)
    return {"deleted": 1}


@endpoint("queues.get_next_task", GetNextTask, since="2.4", writes=True)
def get_next_task(call: Call, *, queue: str, get_task_info: bool, task: str | None) -> Reply:
    """Takes the first task out of a queue; nothing when it is empty."""
    only = task_for(call.user, task, Role.EDITOR) if task else None
    entry = take_next(queue=queue_for(queue), only=only, by=call.actor)
    if entry is None:
        return {}
    info = {"company": COMPANY_ID, "user": entry.task.user.uid}
    return {"entry": entry_to_wire(entry)} | ({"task_info": info} if get_task_info else {})


@endpoint("queues.peek_task", OneQueue, since="2.13")
def peek_task(call: Call, *, queue: str) -> Reply:
    """The task that would be taken next."""
    found = queue_for(queue)
    first = entries_of(call.user, [found], most=1)[found.pk]
    return {"task": first[0].task.uid} if first else {}


@endpoint("queues.get_num_entries", OneQueue, since="2.4")
def get_num_entries(call: Call, *, queue: str) -> Reply:
    """How many tasks wait."""
    found = queue_for(queue)
    return {"num": lengths([found]).get(found.pk, 0)}


def _listed(call: Call, request: GetAll, *, named: bool) -> Reply:
    projection = read_projection(request.only_fields)
    chosen = choose(queues(), request, QUEUES)
    entries = {}
    if projection.wants("entries"):
        entries = entries_of(call.user, chosen, most=request.max_task_entries)
    wires = (queue_to_wire(queue, entries.get(queue.pk, ()), named=named) for queue in chosen)
    return {"queues": [projection.apply(wire) for wire in wires]}
