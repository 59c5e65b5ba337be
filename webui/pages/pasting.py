"""Pasting many parameters into a section or the whole experiment: text, preview, save."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.queries.access import task_for
from webui.configuration.anchors import section_address
from webui.configuration.editing import known_section
from webui.configuration.panels import Viewer
from webui.configuration.pasting import Paste, preview, save_paste
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class PasteContext:
    frame: ExperimentFrame
    task: Task
    paste: Paste
    back: str

    @property
    def sections(self) -> list[str]:
        return list(self.task.hyperparams)


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, uid: str) -> HttpResponse:
    """The form; with a text what it would change; saved only after that was shown."""
    posted = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if posted else Role.VIEWER)
    frame = experiment_frame(request.user, task, "configuration")
    viewer = Viewer(task, frame.may_edit)
    section = known_section(task, request.GET.get("section", ""))
    found, status, count = Paste(section), 200, 0
    if not posted and viewer.refusal("properties"):
        return HttpResponseRedirect(section_address(task, section))
    if request.POST.get("do") == "save":
        found, status, count = save_paste(task, viewer, request.POST, Actor(request.user))
    elif posted:
        found, status = preview(task, viewer, request.POST)
    if not status:
        messages.success(request, f"{count} value{'' if count == 1 else 's'} saved.")
        return HttpResponseRedirect(section_address(task, found.section))
    context = PasteContext(frame, task, found, section_address(task, found.section))
    return render(request, "experiments/paste.html", {"page": context}, status=status)
