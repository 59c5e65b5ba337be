"""The form of an action: what it sends, and what doing it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.http import QueryDict

from experiments.errors import ExperimentError
from experiments.models import Project, Queue, Role, Task
from experiments.operations.actor import Actor
from experiments.operations.cloning import clone_task
from experiments.operations.lifecycle import take_action
from experiments.operations.projects import project_to_fill
from experiments.operations.queueing import enqueue_task
from experiments.queries.access import project_for
from experiments.queries.queues import queue_for
from experiments.rules.actions import Action

CHILD, SIBLING = "child", "sibling"


@dataclass(frozen=True, slots=True)
class ActionForm:
    """`queue` is an id, `project` a path: one that is not there yet is made.

    A clone has a `name` and is a child or a sibling of its source; it is `made` in the end.
    """

    action: Action
    queue: str = ""
    project: str = ""
    name: str = ""
    kin: str = CHILD
    error: str = ""
    status: int = 0
    made: Task | None = None

    @classmethod
    def read(cls, action: Action, data: QueryDict) -> ActionForm:
        fields = {name: data.get(name, "") for name in ("queue", "project", "name")}
        return cls(action, **fields, kin=SIBLING if data.get("kin") == SIBLING else CHILD)

    @classmethod
    def new(cls, action: Action, task: Task) -> ActionForm:
        if action is not Action.CLONE:
            return cls(action)
        return cls(action, project=task.project.name, name=f"Clone of {task.name}"[:1024])

    @property
    def clones(self) -> bool:
        return self.action is Action.CLONE

    @property
    def asks_queue(self) -> bool:
        return self.action in {Action.ENQUEUE, Action.RETRY, Action.CLONE}

    @property
    def asks_project(self) -> bool:
        return self.action in {Action.MOVE, Action.CLONE}

    @property
    def is_sibling(self) -> bool:
        return self.kin == SIBLING


def act(task: Task, form: ActionForm, by: Actor) -> ActionForm:
    """Does what the form asks for; the form with the reason where that is refused."""
    try:
        with transaction.atomic():
            queue, project = _queue(form), _project(form, by)
            if form.clones:
                return replace(form, made=_clone(task, form, queue, project, by))
            take_action(task=task, action=form.action, queue=queue, project=project, by=by)
    except ExperimentError as error:
        text = error.detail or error.message
        sentence = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
        return replace(form, error=sentence, status=409 if error.subcode == 110 else 422)
    return form


def _clone(
    task: Task, form: ActionForm, queue: Queue | None, project: Project | None, by: Actor
) -> Task:
    parent = None if form.is_sibling else task
    where = project_for(by.user, (project or task.project).uid, Role.EDITOR)
    made = clone_task(task=task, name=form.name, project=where, parent=parent, by=by)
    if queue is not None:
        enqueue_task(task=made, queue=queue, by=by)
    return made


def _queue(form: ActionForm) -> Queue | None:
    return queue_for(form.queue) if form.asks_queue and form.queue else None


def _project(form: ActionForm, by: Actor) -> Project | None:
    if not form.asks_project or not form.project.strip():
        return None
    return project_to_fill(name=form.project, by=by)
