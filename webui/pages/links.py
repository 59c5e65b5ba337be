"""Addresses that lead to others: the links the SDK prints, and the short ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from experiments.queries.access import project_for, task_for

# The last part of the SDK's own addresses, and where it leads here.
TABS = {
    "output/log": "console",
    "output/metrics/scalar": "scalars",
    "output/metrics/plots": "scalars",
    "execution": "execution",
    "info": "info",
    "general": "info",
    "hyper-params": "configuration",
    "configuration": "configuration",
    "artifacts": "info",
}
ANY_PROJECT = "*"


@require_safe
def experiment(request: HttpRequest, uid: str) -> HttpResponse:
    return redirect("experiment-configuration", uid=task_for(request.user, uid).uid)


@require_safe
def sdk_experiment(request: HttpRequest, project: str, uid: str, rest: str = "") -> HttpResponse:
    """`project` may be anything: the id of the experiment says where it is."""
    task = task_for(request.user, uid)
    wanted = rest.strip("/").removeprefix("info-")
    tab = next((tab for start, tab in TABS.items() if wanted.startswith(start)), "configuration")
    return redirect(f"experiment-{tab}", uid=task.uid)


@require_safe
def sdk_project(request: HttpRequest, project: str) -> HttpResponse:
    if project == ANY_PROJECT:
        return redirect("experiment-list")
    return redirect("project-experiments", uid=project_for(request.user, project).uid)
