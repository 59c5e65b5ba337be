"""A section of parameters: what it is for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from experiments.models import Role
from experiments.operations.actor import Actor
from experiments.operations.sections import describe_section
from experiments.queries.access import task_for
from webui.pages.parameters import back_to_section


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
