"""One parameter at a time: its row, its form, saving and removing it, revealing a secret."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.revealing import reveal_value
from experiments.queries.access import task_for
from experiments.rules.document import Item, split_key
from webui.configuration.anchors import parameter_query, section_address
from webui.configuration.applying import edit_parameter
from webui.configuration.editing import EditForm, form_for, is_masked, known_section
from webui.configuration.panels import ParameterRow, Viewer
from webui.configuration.reading import reading_at
from webui.fragments import leave, wants_fragment
from webui.pages.frame import experiment_frame


@require_safe
def parameter_row(request: HttpRequest, uid: str) -> HttpResponse:
    """One row as it is read: what Esc brings back. Without htmx, the page."""
    task = task_for(request.user, uid)
    section, name = split_key(request.GET.get("key", ""))
    if not wants_fragment(request):
        return back_to_section(task, section)
    item = task.hyperparams.get(section, {}).get(name)
    return _read_row(request, task, section, name, item) if item else HttpResponse()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """The form of `key`, or of a new parameter of `section`; saves, adds or removes it.

    A refusal gives the form back with the typing.
    """
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    if not saves:
        form = _asked_form(request, task)
        if form is None or Viewer(task, may_edit=True).refusal(form.section):
            # There it says why.
            return leave(request, section_address(task, form.section if form else ""))
        return _edit_row(request, task, form)
    form = EditForm.read(request.POST, known_section(task, request.POST.get("section", "")))
    outcome = edit_parameter(task, form, Actor(request.user))
    if outcome.refused:
        return _edit_row(request, task, outcome.form, status=outcome.status)
    section, name, item = outcome.form.section, outcome.form.name, outcome.item
    if not wants_fragment(request):
        return _back_to(task, section, name, item)
    return _read_row(request, task, section, name, item) if item else HttpResponse()


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


def _asked_form(request: HttpRequest, task: Task) -> EditForm | None:
    if section := request.GET.get("section", ""):
        return EditForm(known_section(task, section))
    key = request.GET.get("key", "")
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


def _read_row(
    request: HttpRequest, task: Task, section: str, name: str, item: Item
) -> HttpResponse:
    frame = experiment_frame(request.user, task, "configuration")
    row = Viewer(task, frame.may_edit, reading_at(request.htmx.current_url)).row(
        section, name, item
    )
    return _row(request, task, row, saved=request.method == "POST")


def _row(
    request: HttpRequest, task: Task, row: ParameterRow, *, saved: bool = False
) -> HttpResponse:
    """A row for htmx, a page of its own without."""
    context = {"row": row, "rows": [row], "task": task, "saved": saved, "frame": None}
    template = "experiments/_parameter_row.html"
    if not wants_fragment(request):
        context["frame"] = experiment_frame(request.user, task, "configuration")
        template = "experiments/parameter_row.html"
    return render(request, template, context)


def _back_to(task: Task, section: str, name: str, item: Item | None) -> HttpResponseRedirect:
    """To the place of a parameter on the page, or where it has been."""
    if item is None:
        return back_to_section(task, section)
    page = reverse("experiment-configuration", args=[task.uid])
    return HttpResponseRedirect(page + parameter_query(f"{section}/{name}"))


def back_to_section(task: Task, section: str) -> HttpResponseRedirect:
    """To the place of a section on the page."""
    return HttpResponseRedirect(section_address(task, section))
