"""What others changed since a page was made: asked every few seconds by whoever is editing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiments.queries.access import task_for
from webui.configuration.watching import news
from webui.fragments import wants_fragment


@require_safe
def changes(request: HttpRequest, uid: str) -> HttpResponse:
    """A bar that says it, or nothing at all where there is nothing new to say."""
    task = task_for(request.user, uid, light=True)
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("experiment-configuration", args=[task.uid]))
    found = news(task, request.user, request.GET)
    if found is None:
        return HttpResponse(status=204)
    return render(request, "experiments/_changes.html", {"news": found})
