"""A section of parameters: more of its rows, and what it is for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from experiments.models import Role
from experiments.operations.actor import Actor
from experiments.operations.sections import describe_section
from experiments.queries.access import task_for
from webui.configuration.panels import Viewer, rows_from
from webui.pages.frame import experiment_frame
from webui.pages.parameters import back_to_section


@require_safe
def section_rows(request: HttpRequest, uid: str) -> HttpResponse:
    """The rows of a big section from a place on."""
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "configuration")
    viewer = Viewer(task, frame.may_edit, request.GET.get("q", "").strip())
    start = request.GET.get("start", "")
    panel = rows_from(
        viewer, request.GET.get("section", ""), int(start) if start.isdecimal() else 0
    )
    return render(
        request,
        "experiments/_parameter_rows.html",
        {"section": panel, "task": task, "search": viewer.search},
    )


@require_POST
def describe(request: HttpRequest, uid: str) -> HttpResponse:
    """What a section is for, and whether it opens folded."""
    task = task_for(request.user, uid, Role.EDITOR)
    section = request.POST.get("section", "")
    describe_section(
        task=task,
        section=section,
        description=request.POST.get("description", "").strip(),
        collapsed="folded" in request.POST,
        by=Actor(request.user),
    )
    return back_to_section(task, section)
