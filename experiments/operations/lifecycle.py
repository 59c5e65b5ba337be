"""What a person does with an experiment as a whole: the same for a page, the table and bulk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from experiments.errors import InvalidField, InvalidTaskStatus
from experiments.models import Project, Queue, Task
from experiments.operations.actor import Actor
from experiments.operations.archiving import set_archived
from experiments.operations.deleting import delete_task
from experiments.operations.documents import locked
from experiments.operations.queueing import dequeue_task, enqueue_task
from experiments.operations.status import change_status, reset_task
from experiments.operations.stopping import stop_task
from experiments.operations.tasks import edit_task
from experiments.rules.actions import Action, action_refusal
from experiments.rules.status import Status


def take_action(
    *,
    task: Task,
    action: Action,
    queue: Queue | None = None,
    project: Project | None = None,
    by: Actor,
    now: datetime | None = None,
) -> None:
    """Does it, or raises InvalidTaskStatus with the sentence that the button shows.

    `queue` is where to wait, `project` where to move. Clones are made by `cloning`.
    """
    now = now or datetime.now(UTC)
    with locked(task) as found:
        refusal = action_refusal(action, found.status, archived=found.archived, script=found.script)
        if refusal:
            raise InvalidTaskStatus(refusal, field="task")
        if action in {Action.ENQUEUE, Action.RETRY}:
            if queue is None:
                raise InvalidField("choose the queue to wait in", field="queue")
            enqueue_task(task=found, queue=queue, by=by, now=now)
        elif action is Action.MOVE:
            if project is None:
                raise InvalidField("choose the project to move to", field="project")
            edit_task(task=found, changes={"project": project}, force=True, by=by, now=now)
        else:
            _SIMPLE[action](found, by, now)


_SIMPLE: dict[Action, Callable[[Task, Actor, datetime], object]] = {
    Action.DEQUEUE: lambda task, by, now: dequeue_task(task=task, by=by, now=now),
    Action.ABORT: lambda task, by, now: stop_task(
        task=task, reason=f"aborted by {by.user}", by=by, now=now
    ),
    Action.RESET: lambda task, by, now: reset_task(task=task, by=by, now=now),
    Action.PUBLISH: lambda task, by, now: change_status(
        task=task, to=Status.PUBLISHED, by=by, now=now
    ),
    Action.ARCHIVE: lambda task, by, now: set_archived(task=task, archived=True, by=by, now=now),
    Action.RESTORE: lambda task, by, now: set_archived(task=task, archived=False, by=by, now=now),
    Action.DELETE: lambda task, by, now: delete_task(task=task, by=by),
}
