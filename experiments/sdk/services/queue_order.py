"""The order in which tasks wait in a queue, and what it says of itself."""

from __future__ import annotations

from typing import Any

import msgspec

from experiments.models import Queue, Role, Task
from experiments.operations.queueing import clear_queue as take_all
from experiments.operations.queueing import dequeue_task, enqueue_task
from experiments.operations.queues import Place, place_entry, place_of, update_queue
from experiments.queries.access import task_for
from experiments.queries.queues import queue_for
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Request


class InQueue(Request):
    queue: str
    task: str


class Move(InQueue, kw_only=True):
    count: Count = 1


class Clear(Request):
    queue: str


class MetadataItem(msgspec.Struct, kw_only=True):
    key: str
    type: str | None = None
    value: str | None = None


class AddMetadata(Request):
    queue: str
    metadata: list[MetadataItem]
    replace_metadata: bool = False


class DeleteMetadata(Request):
    queue: str
    keys: list[str]


@endpoint("queues.add_task", InQueue, since="2.4", writes=True)
def add_task(call: Call, *, queue: str, task: str) -> Reply:
    """Lets a task wait in a queue."""
    enqueue_task(task=task_for(call.user, task, Role.EDITOR), queue=queue_for(queue), by=call.actor)
    return {"added": 1}


@endpoint("queues.remove_task", InQueue, since="2.4", writes=True)
def remove_task(call: Call, *, queue: str, task: str) -> Reply:
    """Takes a task out of a queue; it becomes a draft again."""
    found, waiting = _pair(call, queue, task)
    place_of(found, waiting)
    return {"removed": int(dequeue_task(task=waiting, by=call.actor))}


@endpoint("queues.move_task_forward", Move, since="2.4", writes=True)
def move_task_forward(call: Call, *, queue: str, task: str, count: int) -> Reply:
    """Lets a task overtake others."""
    return _moved_by(call, queue, task, -count)


@endpoint("queues.move_task_backward", Move, since="2.4", writes=True)
def move_task_backward(call: Call, *, queue: str, task: str, count: int) -> Reply:
    """Lets others overtake a task."""
    return _moved_by(call, queue, task, count)


@endpoint("queues.move_task_to_front", InQueue, since="2.4", writes=True)
def move_task_to_front(call: Call, *, queue: str, task: str) -> Reply:
    """Makes a task the next."""
    return _moved_to(call, queue, task, "front")


@endpoint("queues.move_task_to_back", InQueue, since="2.4", writes=True)
def move_task_to_back(call: Call, *, queue: str, task: str) -> Reply:
    """Makes a task the last."""
    return _moved_to(call, queue, task, "back")


@endpoint("queues.clear_queue", Clear, since="2.21", writes=True)
def clear_queue(call: Call, *, queue: str) -> Reply:
    """Takes everything out of a queue that the caller may edit."""
    removed = take_all(queue=queue_for(queue), by=call.actor)
    return {"removed_tasks": [task.uid for task in removed]}


@endpoint("queues.add_or_update_metadata", AddMetadata, since="2.13", writes=True)
def add_or_update_metadata(
    call: Call, *, queue: str, metadata: list[MetadataItem], replace_metadata: bool
) -> Reply:
    """Sets items of a queue's metadata."""
    found = queue_for(queue)
    given = {item.key: msgspec.to_builtins(item) for item in metadata}
    kept = {} if replace_metadata else found.metadata
    return _with_metadata(call, found, {**kept, **given})


@endpoint("queues.delete_metadata", DeleteMetadata, since="2.13", writes=True)
def delete_metadata(call: Call, *, queue: str, keys: list[str]) -> Reply:
    """Removes items of a queue's metadata."""
    found = queue_for(queue)
    kept = {key: value for key, value in found.metadata.items() if key not in keys}
    return _with_metadata(call, found, kept)


def _with_metadata(call: Call, queue: Queue, metadata: dict[str, Any]) -> Reply:
    changed = update_queue(queue=queue, changes={"metadata": metadata}, by=call.actor)
    return {"updated": int(bool(changed))}


def _pair(call: Call, queue: str, task: str) -> tuple[Queue, Task]:
    return queue_for(queue), task_for(call.user, task, Role.EDITOR)


def _moved_to(call: Call, queue: str, task: str, place: Place) -> Reply:
    found, waiting = _pair(call, queue, task)
    return {"position": place_entry(queue=found, task=waiting, at=place, by=call.actor)}


def _moved_by(call: Call, queue: str, task: str, steps: int) -> Reply:
    found, waiting = _pair(call, queue, task)
    position = place_entry(queue=found, task=waiting, by_steps=steps, by=call.actor)
    return {"position": position}
