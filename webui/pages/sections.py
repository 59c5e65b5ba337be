"""A section of parameters: the form of all its rows, what it is for, taking it away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.locking import unlock_properties
from experiments.queries.access import task_for
from experiments.queries.sections import section_facts
from experiments.rules.document import PROPERTIES
from webui.configuration.anchors import section_address, section_anchor
from webui.configuration.editing import known_section
from webui.configuration.panels import Viewer, rows_asked_for
from webui.configuration.reading import reading_at
from webui.configuration.section_about import AboutForm, Leaving, leaving, save_about, take_away
from webui.configuration.section_forms import (
    SectionForm,
    number_in,
    read_form,
    save_section,
    section_form,
    with_more_rows,
)
from webui.fragments import leave, render_page, wants_fragment
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What all pages of one section show; `refusal` is why its parameters cannot be edited."""

    frame: ExperimentFrame
    task: Task
    section: str
    refusal: str

    @property
    def anchor(self) -> str:
        return section_anchor(self.section)

    @property
    def back(self) -> str:
        return section_address(self.task, self.section)

    @property
    def title(self) -> str:
        return "Properties" if self.is_properties else self.section

    @property
    def is_properties(self) -> bool:
        return self.section == PROPERTIES


@dataclass(frozen=True, slots=True)
class SectionFormContext(SectionContext):
    rows: SectionForm


@dataclass(frozen=True, slots=True)
class AboutContext(SectionContext):
    about: AboutForm


@dataclass(frozen=True, slots=True)
class RemovingContext(SectionContext):
    leaving: Leaving


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, uid: str) -> HttpResponse:
    """A form of all parameters of a section, or of a new one; saves what was changed in it."""
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    status = 200
    if saves:
        rows = read_form(task, request.POST)
        if request.POST.get("do") == "rows":
            rows = with_more_rows(rows)
        else:
            saved = save_section(task, rows, Actor(request.user))
            if not saved.status:
                return _after_saving(
                    request, uid, saved.form.section or saved.form.name, saved.count
                )
            rows, status = saved.form, saved.status
    else:
        section = known_section(task, request.GET.get("section", ""))
        rows = section_form(task, section, number_in(request.GET.get("start", "")))
    context = SectionFormContext(*_shown_around(request, task, rows.section), rows)
    if context.refusal and not saves:
        return leave(request, context.back)
    response = render_page(
        request,
        "experiments/section_form.html",
        "experiments/_section_form.html",
        context,
        status=status,
    )
    # In place of its section it is a part of the page that the address is of.
    response["HX-Push-Url"] = "false"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, uid: str) -> HttpResponse:
    """What a section is called and for, and whether it opens folded."""
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    section = known_section(task, request.GET.get("section", ""))
    about = AboutForm.of(section, section_facts(task).get(section))
    if saves:
        about = save_about(task, AboutForm.read(task, request.POST), Actor(request.user))
    context = AboutContext(*_shown_around(request, task, about.section), about)
    asked = not saves and about.section in task.hyperparams and context.frame.may_edit_facts
    if not asked and not about.error:
        return leave(request, context.back)
    return render(request, "experiments/section_about.html", {"page": context}, status=about.status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks before a section goes, showing what goes with it."""
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    section = known_section(task, (request.POST if saves else request.GET).get("section", ""))
    found, status = leaving(task, section), 200
    if saves:
        found, status = take_away(task, request.POST, Actor(request.user))
    if not status:
        messages.success(
            request, f"The section {section} was deleted; its values are in the history."
        )
        return HttpResponseRedirect(reverse("experiment-configuration", args=[task.uid]))
    context = RemovingContext(*_shown_around(request, task, section), found)
    if not saves and (context.refusal or not found.count):
        return leave(request, context.back)
    return render(request, "experiments/section_remove.html", {"page": context}, status=status)


@require_POST
def unlock(request: HttpRequest, uid: str) -> HttpResponse:
    """Opens the user properties of a published experiment, or locks them again."""
    task = task_for(request.user, uid, Role.OWNER)
    unlock_properties(task=task, unlocked="lock" not in request.POST, by=Actor(request.user))
    return HttpResponseRedirect(section_address(task, PROPERTIES))


def _shown_around(
    request: HttpRequest, task: Task, section: str
) -> tuple[ExperimentFrame, Task, str, str]:
    frame = experiment_frame(request.user, task, "configuration")
    return frame, task, section, Viewer(task, frame.may_edit).refusal(section)


def _after_saving(request: HttpRequest, uid: str, section: str, count: int) -> HttpResponse:
    """The section as it reads now, where htmx asked for it; otherwise the page."""
    task = task_for(request.user, uid)
    if not wants_fragment(request):
        said = (
            f"{count} change{'' if count == 1 else 's'} saved." if count else "Nothing was changed."
        )
        messages.success(request, said)
        return HttpResponseRedirect(section_address(task, section))
    if section not in task.hyperparams and section != PROPERTIES:
        return HttpResponse()
    frame = experiment_frame(request.user, task, "configuration")
    reading = replace(reading_at(request.htmx.current_url), section=section)
    panel = rows_asked_for(Viewer(task, frame.may_edit, reading, section_facts(task)))
    label = "Add a property" if section == PROPERTIES else "Add a parameter"
    context = {"section": panel, "task": task, "reading": reading, "add_label": label}
    return render(request, "experiments/_parameter_section.html", context)
