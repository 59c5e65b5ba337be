"""Configuration objects: their text and tree, an object as a file, revealing its secrets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experiments.errors import PageNotFound
from experiments.models import ConfigurationObject, Role, Task
from experiments.operations.actor import Actor
from experiments.operations.revealing import reveal_object
from experiments.queries.access import task_for
from experiments.queries.configurations import configuration_named, configuration_names
from experiments.rules.secret_text import has_secrets, masked
from webui.configuration.object_view import ObjectView, object_address
from webui.configuration.objects import (
    ObjectReader,
    anchor_of,
    download_name,
    objects_of_both,
)
from webui.fragments import wants_fragment
from webui.pages.frame import experiment_frame


@require_safe
def configuration_object(request: HttpRequest, uid: str) -> HttpResponse:
    """One object as the page shows it, opened. Without htmx, the page opened at it."""
    task = task_for(request.user, uid)
    found = _named(task, request.GET.get("object", ""))
    view = ObjectView.of(request.GET)
    if not wants_fragment(request):
        return HttpResponseRedirect(object_address(task, view, anchor_of(task, found.name)))
    response = _shown(request, task, found, "experiments/_configuration_object.html", view)
    if request.GET.get("push"):
        response["HX-Push-Url"] = object_address(task, view)
    return response


@require_safe
def object_lines(request: HttpRequest, uid: str) -> HttpResponse:
    """The next lines of a long text. Without htmx, the page with the text from there on."""
    task = task_for(request.user, uid)
    found = _named(task, request.GET.get("object", ""))
    view = ObjectView.of(request.GET)
    if not wants_fragment(request):
        return HttpResponseRedirect(object_address(task, view, anchor_of(task, found.name)))
    return _shown(request, task, found, "experiments/_object_lines.html", view)


@require_safe
def object_tree(request: HttpRequest, uid: str) -> HttpResponse:
    """What lies below one place of a tree. Without htmx, the page with the tree of that place."""
    task = task_for(request.user, uid)
    found = _named(task, request.GET.get("object", ""))
    view = ObjectView.of(request.GET)
    if not wants_fragment(request):
        return HttpResponseRedirect(object_address(task, view, anchor_of(task, found.name)))
    return _shown(request, task, found, "experiments/_object_branch.html", view)


@require_POST
def reveal(request: HttpRequest, uid: str) -> HttpResponse:
    """Shows an object with its secrets to an editor, this once; the history keeps that."""
    task = task_for(request.user, uid, Role.EDITOR)
    found = _named(task, request.POST.get("object", ""))
    reveal_object(task=task, name=found.name, by=Actor(request.user))
    view = ObjectView.of(request.POST)
    fragment = wants_fragment(request)
    template = "experiments/_configuration_object.html" if fragment else "experiments/object.html"
    return _shown(request, task, found, template, view, revealed=True)


@require_http_methods(["GET", "HEAD", "POST"])
def configuration_download(request: HttpRequest, uid: str) -> HttpResponse:
    """The object as a file, byte for byte; its secrets only for an editor, who posts for them."""
    posts = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if posts else Role.VIEWER)
    found = _named(task, (request.POST if posts else request.GET).get("name", ""))
    hides = has_secrets(found.value) and not posts
    if posts and has_secrets(found.value):
        reveal_object(task=task, name=found.name, by=Actor(request.user))
    text = masked(found.value) if hides else found.value
    response = HttpResponse(text.encode(), content_type="application/octet-stream")
    name = download_name(found.name, hides=hides)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _named(task: Task, name: str) -> ConfigurationObject:
    found = configuration_named(task, name)
    if found is None:
        raise PageNotFound("the experiment has no configuration object of that name")
    return found


def _shown(
    request: HttpRequest,
    task: Task,
    found: ConfigurationObject,
    template: str,
    view: ObjectView,
    *,
    revealed: bool = False,
) -> HttpResponse:
    frame = experiment_frame(request.user, task, "configuration")
    reader = ObjectReader(
        task,
        frame.may_edit,
        view,
        revealed=revealed,
        names=configuration_names(task),
        in_parent=objects_of_both(frame.parent),
    )
    panel = reader.panel(found, anchor_of(task, found.name))
    context: dict[str, Any] = {"object": panel, "task": task, "page": {"frame": frame}}
    return render(request, template, context)
