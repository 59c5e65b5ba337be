"""The editor of one configuration object: adding, changing, renaming, deleting it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.revealing import reveal_object
from experiments.queries.access import task_for
from experiments.queries.configurations import configuration_named
from experiments.rules.secret_text import has_secrets
from webui.configuration.object_forms import (
    ObjectForm,
    Outcome,
    delete_object,
    form_of,
    read_form,
    save_object,
)
from webui.configuration.objects import ObjectReader, back_to_object
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class ObjectFormContext:
    """`hides`: the object has secrets, and opening it has to be asked for."""

    frame: ExperimentFrame
    task: Task
    form: ObjectForm
    back: str
    refusal: str
    hides: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def object_form(request: HttpRequest, uid: str) -> HttpResponse:
    """The form of the object `name`, or of a new one."""
    if request.method == "POST":
        return _posted(request, uid)
    task = task_for(request.user, uid)
    name = request.GET.get("name", "")
    found = configuration_named(task, name) if name else None
    if name and found is None:
        return HttpResponseRedirect(back_to_object(task, name))
    hides = found is not None and has_secrets(found.value)
    form = ObjectForm(name=name) if hides else form_of(found)
    return _page(request, task, Outcome(form), hides=hides)


def _posted(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid, Role.EDITOR)
    does = request.POST.get("do", "")
    by = Actor(request.user)
    if does == "open":
        return _opened(request, task, request.GET.get("name", ""), by)
    form = read_form(task, request.POST)
    if does == "remove":
        outcome = delete_object(task, form, by)
    else:
        outcome = save_object(task, form, by, anyway=does == "anyway")
    if outcome.status:
        return _page(request, task, outcome)
    if does == "remove":
        messages.success(request, f"{form.seen_name} was deleted. The history can bring it back.")
        return HttpResponseRedirect(reverse("experiment-configuration", args=[task.uid]))
    return HttpResponseRedirect(back_to_object(task, form.name.strip()))


def _opened(request: HttpRequest, task: Task, name: str, by: Actor) -> HttpResponse:
    """The form of an object with secrets, which the history keeps."""
    found = configuration_named(task, name)
    if found is None:
        return HttpResponseRedirect(back_to_object(task, name))
    if has_secrets(found.value):
        reveal_object(task=task, name=name, by=by)
    return _page(request, task, Outcome(form_of(found)))


def _page(
    request: HttpRequest, task: Task, outcome: Outcome, *, hides: bool = False
) -> HttpResponse:
    frame = experiment_frame(request.user, task, "configuration")
    form = outcome.form
    page = ObjectFormContext(
        frame=frame,
        task=task,
        form=form,
        back=back_to_object(task, form.seen_name or form.name),
        refusal=ObjectReader(task, frame.may_edit).refusal,
        hides=hides,
    )
    return render(
        request, "experiments/object_form.html", {"page": page}, status=outcome.status or 200
    )
