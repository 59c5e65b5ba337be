"""Actions on one experiment: a page that asks, and the doing."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from experiments.errors import PageNotFound
from experiments.models import Queue, Role, Task
from experiments.operations.actor import Actor
from experiments.queries.access import task_for
from experiments.queries.projects import projects_editable
from experiments.queries.queues import queues
from experiments.rules.actions import Action
from webui.acting import ActionForm, act
from webui.actions import DONE, Question, question
from webui.pages.frame import ExperimentFrame, experiment_frame

MOST_PROJECTS = 500


@dataclass(frozen=True, slots=True)
class ActionContext:
    """`queues` and `projects` are the choices of an action that needs one."""

    frame: ExperimentFrame
    task: Task
    question: Question
    form: ActionForm
    queues: list[Queue]
    projects: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, uid: str, action: str) -> HttpResponse:
    chosen = _known(action)
    does = request.method == "POST"
    # Whoever may see an experiment may clone it into a project of their own.
    changes = does and chosen is not Action.CLONE
    task = task_for(request.user, uid, Role.EDITOR if changes else Role.VIEWER)
    form = ActionForm.read(chosen, request.POST) if does else ActionForm.new(chosen, task)
    if does:
        form = act(task, form, Actor(request.user))
    if does and not form.error:
        messages.success(request, f"“{task.name}” {DONE[chosen]}.")
        return _onward(task, form)
    frame = experiment_frame(request.user, task, "")
    context = ActionContext(
        frame=frame,
        task=task,
        question=question(task, chosen, may_edit=frame.may_edit),
        form=form,
        queues=list(queues()) if form.asks_queue else [],
        projects=projects_editable(request.user, MOST_PROJECTS) if form.asks_project else [],
    )
    status = form.status if does else 200
    return render(request, "experiments/action.html", {"page": context}, status=status)


def _onward(task: Task, form: ActionForm) -> HttpResponse:
    """A clone is there to be edited; what is deleted leaves the list it stood in."""
    if form.made is not None:
        return redirect("experiment-configuration", form.made.uid)
    if form.action is Action.DELETE:
        return redirect("project-experiments", task.project.uid)
    return redirect("experiment", task.uid)


def _known(action: str) -> Action:
    if action not in set(Action):
        raise PageNotFound(f"there is no action {action[:40]!r}")
    return Action(action)
