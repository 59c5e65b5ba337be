"""Editing name, tags, description and project: in the head, or as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from experiments.models import Role
from experiments.operations.actor import Actor
from experiments.queries.access import task_for
from experiments.queries.projects import projects_editable
from webui.facts import FactsForm, known_back, save_facts
from webui.fragments import render_page
from webui.pages.frame import TABS, ExperimentFrame, experiment_frame

MOST_PROJECTS = 500  # that are offered; any other can be typed


@dataclass(frozen=True, slots=True)
class FactsContext:
    frame: ExperimentFrame
    form: FactsForm
    cancel: str
    projects: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, uid: str) -> HttpResponse:
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    back = known_back(request.POST.get("back") or request.GET.get("back", ""), TABS)
    tab = reverse(f"experiment-{back}", args=[task.uid])
    frame = experiment_frame(request.user, task, "")
    form, status = FactsForm.of(task, back), 200
    if saves:
        outcome = save_facts(task, FactsForm.read(request.POST, back), Actor(request.user))
        form, status = outcome.form, outcome.status
    if not status or not (saves or frame.may_edit_facts):
        return redirect(tab)
    return render_page(
        request,
        "experiments/facts.html",
        "experiments/_facts.html",
        FactsContext(frame, form, tab, projects_editable(request.user, MOST_PROJECTS)),
        status=status,
    )
