"""Copying the configuration out: as text in several formats, shown, copied or downloaded."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.revealing import note_revealed
from experiments.queries.access import task_for
from webui.configuration.copying import Choice, CopiedText, copied
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class CopyContext:
    frame: ExperimentFrame
    task: Task
    copy: CopiedText


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, uid: str) -> HttpResponse:
    """With masked secrets; a POST of an editor is asked for the values, and is recorded."""
    reveals = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if reveals else Role.VIEWER)
    choice = Choice.of(request.POST if reveals else request.GET)
    made = copied(task, choice, reveal=reveals)
    if reveals:
        note_revealed(task=task, keys=made.secrets, by=Actor(request.user))
    if choice.downloads:
        response = _file(made)
    else:
        frame = experiment_frame(request.user, task, "configuration")
        context = CopyContext(frame, task, made)
        response = render_page(request, "experiments/copy.html", "experiments/_copy.html", context)
    if reveals:
        response["Cache-Control"] = "no-store"
    # Shown over the page it was asked from, whose address stays.
    response["HX-Push-Url"] = "false"
    return response


def _file(made: CopiedText) -> HttpResponse:
    response = HttpResponse(made.text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, made.filename)
    return response
