"""Configuration objects: their text, and the object as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from experiments.errors import PageNotFound
from experiments.queries.access import task_for
from experiments.queries.configurations import configuration_named
from webui.configuration.objects import object_panel


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
