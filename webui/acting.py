"""The form of an action: what it sends, and what doing it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError
from experiments.models import Project, Queue, Task
from experiments.operations.actor import Actor
from experiments.operations.lifecycle import take_action
from experiments.operations.projects import project_to_fill
from experiments.queries.queues import queue_for
from experiments.rules.actions import Action


@dataclass(frozen=True, slots=True)
class ActionForm:
    """`queue` is an id, `project` a path: one that is not there yet is made."""

    action: Action
    queue: str = ""
    project: str = ""
    error: str = ""
    status: int = 0

    @classmethod
    def read(cls, action: Action, data: QueryDict) -> ActionForm:
        return cls(action, data.get("queue", ""), data.get("project", ""))

    @property
    def needs_queue(self) -> bool:
        return self.action in {Action.ENQUEUE, Action.RETRY}

    @property
    def needs_project(self) -> bool:
        return self.action is Action.MOVE


def act(task: Task, form: ActionForm, by: Actor) -> ActionForm:
    """Does what the form asks for; the form with the reason where that is refused."""
    try:
        take_action(
            task=task, action=form.action, queue=_queue(form), project=_project(form, by), by=by
        )
    except ExperimentError as error:
        text = error.detail or error.message
        sentence = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
        return replace(form, error=sentence, status=409 if error.subcode == 110 else 422)
    return form


def _queue(form: ActionForm) -> Queue | None:
    return queue_for(form.queue) if form.needs_queue and form.queue else None


def _project(form: ActionForm, by: Actor) -> Project | None:
    if not form.needs_project or not form.project.strip():
        return None
    return project_to_fill(name=form.project, by=by)
