"""Deleting a task with all that belongs to it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from experiments.errors import InvalidTaskStatus
from experiments.models import ReportedEvent, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.files import delete_files_of
from experiments.operations.indexing import replace_index, task_entries
from experiments.rules.actions import deletion_refusal
from experiments.rules.events import Kind

log = logging.getLogger("tuneboard.tasks")


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went: `children` lost their parent; the addresses are of files the task had named."""

    children: int
    artifacts: list[str]
    images: list[str]


def delete_task(*, task: Task, force: bool = False, by: Actor) -> Deleted:
    """Removes the task, its metrics, console, history and index. Raises InvalidTaskStatus."""
    with locked(task) as found:
        refusal = deletion_refusal(found.status)
        if refusal and not force:
            raise InvalidTaskStatus(refusal, field="task")
        images = ReportedEvent.objects.filter(task=found, type=Kind.IMAGE)
        documents = images.values_list("document", flat=True)
        deleted = Deleted(
            children=Task.objects.filter(parent=found).update(parent=None),
            artifacts=_addresses(found.execution.get("artifacts", []), "uri"),
            images=_addresses(documents, "url"),
        )
        replace_index(found.project_id, found.id, task_entries(found), set())
        delete_files_of(task=found, by=by)
        found.delete()
    log.info("experiment %s of %s deleted by %s", task.uid, task.project.name, by.user.username)
    return deleted


def _addresses(documents: object, name: str) -> list[str]:
    return list(
        dict.fromkeys(
            document[name]
            for document in documents  # type: ignore[attr-defined] # a list or a query
            if isinstance(document.get(name), str)
        )
    )
