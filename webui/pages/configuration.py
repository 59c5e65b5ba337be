"""CONFIGURATION: user properties, hyperparameters, configuration objects; and their edits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from experiments.errors import PageNotFound
from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.revealing import reveal_value
from experiments.operations.sections import describe_section
from experiments.queries.access import task_for
from experiments.queries.configurations import configuration_named, configurations
from experiments.queries.sections import section_facts
from experiments.rules.document import split_key
from webui.configuration.editing import EditForm, edit_parameter, form_for, form_to_add, is_masked
from webui.configuration.objects import ObjectPanel, object_panel
from webui.configuration.panels import (
    ParameterRow,
    SectionPanel,
    Viewer,
    properties_panel,
    rows_from,
    section_panels,
)
from webui.fragments import render_page, wants_fragment
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class ConfigurationContext:
    frame: ExperimentFrame
    task: Task
    properties: SectionPanel
    sections: list[SectionPanel]
    objects: list[ObjectPanel]
    search: str

    @property
    def refusal(self) -> str:
        """Why the hyperparameters cannot be edited; said once, not at each section."""
        return self.sections[0].refusal if self.sections else ""

    @property
    def nothing_found(self) -> bool:
        return bool(self.search and not (self.properties.rows or self.sections or self.objects))


@require_safe
def configuration(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    if form := _asked_form(request, task):
        return _edit_row(request, task, form)
    frame = experiment_frame(request.user, task, "configuration")
    search = request.GET.get("q", "").strip()
    viewer = Viewer(task, frame.may_edit, search, section_facts(task))
    panels = (
        object_panel(found, f"object-{place}", search)
        for place, found in enumerate(configurations(task), start=1)
    )
    context = ConfigurationContext(
        frame,
        task,
        properties_panel(viewer),
        section_panels(viewer),
        [panel for panel in panels if panel],
        search,
    )
    return render_page(
        request,
        "experiments/configuration.html",
        "experiments/_configuration_panels.html",
        context,
    )


@require_safe
def parameter_row(request: HttpRequest, uid: str) -> HttpResponse:
    """One row as it is read: what Esc brings back. Without htmx, the page."""
    task = task_for(request.user, uid)
    section, name = split_key(request.GET.get("key", ""))
    if not wants_fragment(request):
        return _back(task, section)
    return _read_row(request, task, section, name)


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
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Saves, adds or removes one parameter; a refusal gives the form back with the typing."""
    task = task_for(request.user, uid, Role.EDITOR)
    form = EditForm.read(request.POST)
    outcome = edit_parameter(task, form, Actor(request.user))
    if outcome.refused:
        return _edit_row(request, task, outcome.form, status=outcome.status)
    if not wants_fragment(request):
        return _back(task, form.section)
    if form.removes:
        return HttpResponse()
    saved = outcome.form
    return _read_row(request, task, saved.section, saved.name)


@require_POST
def reveal(request: HttpRequest, uid: str) -> HttpResponse:
    """Shows a masked value to an editor, in a form where it can be edited."""
    task = task_for(request.user, uid, Role.EDITOR)
    section, name = split_key(request.POST.get("key", ""))
    item = reveal_value(task=task, section=section, name=name, by=Actor(request.user))
    viewer = Viewer(task, may_edit=True)
    if not viewer.refusal(section):
        return _edit_row(request, task, form_for(task, section, name))
    row = viewer.row(section, name, item, revealed=True)
    return _row(request, task, row)


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
    return _back(task, section)


@require_safe
def configuration_object(request: HttpRequest, uid: str) -> HttpResponse:
    """The text of one object, for a panel that was too big to send at once."""
    task = task_for(request.user, uid)
    found = configuration_named(task, request.GET.get("name", ""))
    if found is None:
        raise PageNotFound("the experiment has no configuration object of that name")
    panel = object_panel(found, "", load=True)
    return render(request, "experiments/_configuration_text.html", {"object": panel})


@require_safe
def configuration_download(request: HttpRequest, uid: str) -> HttpResponse:
    """The object byte for byte."""
    task = task_for(request.user, uid)
    found = configuration_named(task, request.GET.get("name", ""))
    if found is None:
        raise PageNotFound("the experiment has no configuration object of that name")
    response = HttpResponse(found.value.encode(), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    return response


def _asked_form(request: HttpRequest, task: Task) -> EditForm | None:
    if section := request.GET.get("add", ""):
        return form_to_add(section)
    key = request.GET.get("edit", "")
    section, name = split_key(key)
    # A secret is shown by `reveal` only, which is recorded.
    if not key or is_masked(task, section, name):
        return None
    return form_for(task, section, name)


def _edit_row(
    request: HttpRequest, task: Task, form: EditForm, *, status: int = 200
) -> HttpResponse:
    """The form of one value: a row for htmx, a page of its own without."""
    context = {"form": form, "task": task, "frame": None}
    template = "experiments/_parameter_edit.html"
    if not wants_fragment(request):
        context["frame"] = experiment_frame(request.user, task, "configuration")
        template = "experiments/parameter_edit.html"
    return render(request, template, context, status=status)


def _read_row(request: HttpRequest, task: Task, section: str, name: str) -> HttpResponse:
    item = task.hyperparams.get(section, {}).get(name)
    if item is None:
        return HttpResponse()
    frame = experiment_frame(request.user, task, "configuration")
    row = Viewer(task, frame.may_edit).row(section, name, item)
    return _row(request, task, row, saved=request.method == "POST")


def _row(
    request: HttpRequest, task: Task, row: ParameterRow, *, saved: bool = False
) -> HttpResponse:
    """A row for htmx, a page of its own without."""
    context = {"row": row, "task": task, "saved": saved, "frame": None}
    template = "experiments/_parameter_row.html"
    if not wants_fragment(request):
        context["frame"] = experiment_frame(request.user, task, "configuration")
        template = "experiments/parameter_row.html"
    return render(request, template, context)


def _back(task: Task, section: str) -> HttpResponseRedirect:
    places = {name: place for place, name in enumerate(task.hyperparams, start=1)}
    anchor = "properties" if section == "properties" else places.get(section, 1)
    address = reverse("experiment-configuration", args=[task.uid])
    return HttpResponseRedirect(f"{address}#section-{anchor}")
