"""The status of tasks: started, stopped, completed, failed, closed, published, reset, archived."""

from __future__ import annotations

from experiments.models import Role, Task
from experiments.operations.archiving import set_archived
from experiments.operations.status import change_status, reset_task
from experiments.queries.access import task_for
from experiments.rules.status import Status
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.wire.times import to_wire


class Change(Request):
    arrives_whole = True

    task: str
    status_reason: str = ""
    status_message: str = ""
    force: bool = False


class Completed(Change, kw_only=True):
    publish: bool = False


class Reset(Change, kw_only=True):
    clear_all: bool = False


class Archive(Request):
    tasks: list[str]


class ArchiveMany(Request):
    task: str


@endpoint("tasks.started", Change, writes=True)
def started(call: Call, *, request: Change) -> Reply:
    """The task runs."""
    return {"started": 1, **_become(call, request, Status.IN_PROGRESS)}


@endpoint("tasks.stopped", Change, writes=True)
def stopped(call: Call, *, request: Change) -> Reply:
    """The task has stopped."""
    return _become(call, request, Status.STOPPED)


@endpoint("tasks.failed", Change, writes=True)
def failed(call: Call, *, request: Change) -> Reply:
    """The task has failed."""
    return _become(call, request, Status.FAILED)


@endpoint("tasks.close", Change, writes=True)
def close(call: Call, *, request: Change) -> Reply:
    """Closes a stopped task."""
    return _become(call, request, Status.CLOSED)


@endpoint("tasks.completed", Completed, since="2.2", writes=True)
def completed(call: Call, *, request: Completed) -> Reply:
    """The task has ended well; with `publish` it becomes read-only."""
    reply = _become(call, request, Status.COMPLETED)
    if request.publish:
        return {**_become(call, request, Status.PUBLISHED), "published": 1}
    return reply


@endpoint("tasks.publish_many", Change, writes=True, many_of="task")
@endpoint("tasks.publish", Change, writes=True)
def publish(call: Call, *, request: Change) -> Reply:
    """Makes a task read-only, for good."""
    return _become(call, request, Status.PUBLISHED)


@endpoint("tasks.reset_many", Reset, writes=True, many_of="task")
@endpoint("tasks.reset", Reset, writes=True)
def reset(call: Call, *, request: Reset) -> Reply:
    """Back to a draft: what the task has put out is removed, its configuration stays."""
    task = reset_task(
        task=task_for(call.user, request.task, Role.EDITOR),
        force=request.force,
        clear_all=request.clear_all,
        by=call.actor,
    )
    return {**changed_to_wire(task), "dequeued": {}, "deleted_models": 0}


@endpoint("tasks.archive", Archive, since="2.12", writes=True)
def archive(call: Call, *, tasks: list[str]) -> Reply:
    """Puts tasks away; the number of those that were not."""
    return {"archived": _archive(call, tasks, archived=True)}


@endpoint("tasks.unarchive", Archive, since="2.12", writes=True)
def unarchive(call: Call, *, tasks: list[str]) -> Reply:
    """Takes tasks out of the archive; the number of those that were there."""
    return {"unarchived": _archive(call, tasks, archived=False)}


@endpoint("tasks.archive_many", ArchiveMany, since="2.13", writes=True, many_of="task")
def archive_many(call: Call, *, task: str) -> Reply:
    """Puts a task away."""
    return {"archived": bool(_archive(call, [task], archived=True))}


@endpoint("tasks.unarchive_many", ArchiveMany, since="2.13", writes=True, many_of="task")
def unarchive_many(call: Call, *, task: str) -> Reply:
    """Takes a task out of the archive."""
    return {"unarchived": bool(_archive(call, [task], archived=False))}


def _become(call: Call, request: Change, status: Status) -> Reply:
    task = task_for(call.user, request.task, Role.EDITOR)
    return changed_to_wire(
        change_status(
            task=task,
            to=status,
            reason=request.status_reason,
            message=request.status_message,
            force=request.force,
            by=call.actor,
        )
    )


def changed_to_wire(task: Task) -> Reply:
    """What a change of status answers."""
    moments = ("started", "completed", "status_changed", "last_update", "last_change")
    fields = {name: to_wire(getattr(task, name)) for name in moments}
    fields |= {name: getattr(task, name) for name in ("status", "status_reason", "status_message")}
    return {"updated": 1, "fields": fields}


def _archive(call: Call, uids: list[str], *, archived: bool) -> int:
    tasks = [task_for(call.user, uid, Role.EDITOR) for uid in dict.fromkeys(uids)]
    return sum(set_archived(task=task, archived=archived, by=call.actor) for task in tasks)
