"""Transitions of status: one conditional UPDATE each, so two people cannot both win."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from experiments.errors import StatusChangedMeanwhile, TaskNotFound
from experiments.models import QueueEntry, Task, Via
from experiments.operations import history
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.history import Change
from experiments.operations.indexing import replace_index, tag_entries
from experiments.operations.outputs import delete_outputs, without_outputs
from experiments.rules.names import check_text
from experiments.rules.status import LABELS, STOPPING, Status, refusal, sources

DEVELOPMENT = "development"
_SAID_WITH_IT = ("status_reason", "status_message", "status_changed")


def change_status(
    *,
    task: Task,
    to: Status,
    reason: str = "",
    message: str = "",
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> Task:
    """The task in its new status; to be in it already is a success.

    Raises InvalidTaskStatus naming the status found and what is possible from it.
    """
    now = now or datetime.now(UTC)
    changes: dict[str, Any] = {
        "status": to,
        "status_reason": check_text(reason, "status_reason"),
        "status_message": check_text(message, "status_message"),
        "status_changed": now,
        "last_update": now,
        "last_change": now,
    }
    if to in {Status.STOPPED, Status.COMPLETED, Status.FAILED}:
        changes["completed"] = now
    if to is Status.IN_PROGRESS:
        changes |= _unless_stopping(changes)
    possible = Task.objects.filter(pk=task.pk, status__in=sources(to, force=force))
    with transaction.atomic():
        if not possible.update(**changes):
            _refuse(task, to)
        if to is not Status.QUEUED:
            # Whoever takes it out of the queue's hands must not find it run a second time.
            QueueEntry.objects.filter(task=task).delete()
        if to is Status.IN_PROGRESS:
            Task.objects.filter(pk=task.pk, started=None).update(started=now)
        if to is Status.QUEUED:
            _drop_development_tag(task)
        if by.via in {Via.BROWSER, Via.API}:
            entry = Change("status", "status", LABELS[Status(task.status)], LABELS[to])
            history.record(task=task, changes=[entry], by=by, now=now)
        return Task.objects.select_related("project", "user", "parent").get(pk=task.pk)


def reset_task(
    *,
    task: Task,
    force: bool = False,
    clear_all: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> Task:
    """Back to a draft: outputs are removed, configuration and user properties are kept.

    `clear_all` also empties `execution` and `script`, which the script itself records again.
    """
    now = now or datetime.now(UTC)
    with locked(task) as found:
        changed = change_status(task=found, to=Status.CREATED, force=force, by=by, now=now)
        delete_outputs(task=changed)
        outputs: dict[str, Any] = {
            "started": None,
            "completed": None,
            "last_iteration": 0,
            "last_worker": "",
            "last_worker_report": None,
            "edited_after_run": False,
            "models": {**changed.models, "output": []},
            "execution": {} if clear_all else without_outputs(changed.execution),
            "script": {} if clear_all else changed.script,
        }
        for name, value in outputs.items():
            setattr(changed, name, value)
        changed.save(update_fields=[*outputs])
        return changed


def _unless_stopping(changes: dict[str, Any]) -> dict[str, Any]:
    """A worker says three times that it starts; in between it may have been asked to stop."""
    asked = Q(status=Status.IN_PROGRESS, status_message=STOPPING)
    kept = {name: Task._meta.get_field(name) for name in _SAID_WITH_IT}
    return {
        name: Case(When(asked, then=F(name)), default=Value(changes[name], field))
        for name, field in kept.items()
    }


def _refuse(task: Task, to: Status) -> None:
    found = Task.objects.filter(pk=task.pk).values_list("status", flat=True).first()
    if found is None:
        raise TaskNotFound(f"id={task.uid}; it was deleted meanwhile", field="task")
    if found != task.status:
        raise StatusChangedMeanwhile(str(refusal(found, to)), field="status")
    raise refusal(found, to)


def _drop_development_tag(task: Task) -> None:
    with locked(task) as found:
        if DEVELOPMENT in found.system_tags:
            kept = [tag for tag in found.system_tags if tag != DEVELOPMENT]
            replace_index(
                found.project_id,
                found.id,
                tag_entries([], found.system_tags),
                tag_entries([], kept),
            )
            found.system_tags = kept
            found.save(update_fields=["system_tags"])
