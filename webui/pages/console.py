"""CONSOLE: what the script printed, the newest at the end."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from experiments.queries.access import task_for
from experiments.queries.events import LogPage, log_page
from webui.console import ConsoleLine, console_lines
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame

LINES = 500


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """The addresses are queries; empty where there is nothing that way."""

    frame: ExperimentFrame
    lines: list[ConsoleLine]
    total: str
    earlier: str
    later: str
    running: bool


@require_safe
def console(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    page = log_page(
        task,
        limit=LINES,
        before=request.GET.get("before") or None,
        after=request.GET.get("after") or None,
        from_start=request.GET.get("from") == "start",
    )
    context = ConsoleContext(
        frame=experiment_frame(request.user, task, "console"),
        lines=console_lines(page.lines),
        total=f"{page.total:,}",
        earlier=_query("before", page.first, page.has_earlier),
        later=_query("after", page.last, page.has_later),
        running=task.status == "in_progress" and _at_end(page),
    )
    return render_page(request, "experiments/console.html", "experiments/_console.html", context)


def _query(name: str, cursor: str | None, more: bool) -> str:
    return f"?{urlencode({name: cursor})}" if more and cursor else ""


def _at_end(page: LogPage) -> bool:
    return not page.has_later
