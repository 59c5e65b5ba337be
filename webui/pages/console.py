"""CONSOLE: what the script printed, the newest at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from experiments.models import Task
from experiments.queries.access import task_for
from experiments.queries.console import log_found, whole_log
from experiments.queries.events import LogPage, log_page
from experiments.queries.timeline import position_from
from experiments.rules.ansi import plain
from experiments.rules.status import LABELS, Status
from webui.console import ShownReport, day_of, shown_reports
from webui.fragments import render_page, wants_fragment
from webui.pages.frame import ExperimentFrame, experiment_frame

REPORTS = 300
DOWNLOADED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class View:
    """How the console is looked at. It stands in the address, and in nothing else."""

    times: bool = True
    levels: bool = False
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> View:
        return cls(
            query.get("times") != "0", query.get("levels") == "1", query.get("q", "").strip()
        )

    def address(self, **position: str) -> str:
        chosen = {"times": "" if self.times else "0", "levels": "1" if self.levels else "",
                  "q": self.search, **position}  # fmt: skip
        return f"?{urlencode({name: value for name, value in chosen.items() if value})}"


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """The addresses are queries; empty where there is nothing that way."""

    frame: ExperimentFrame
    view: View
    reports: list[ShownReport]
    total: str
    start: str
    earlier: str
    later: str
    newest: str
    times: str
    levels: str
    from_top: bool
    tail: str


@dataclass(frozen=True, slots=True)
class Tail:
    """What was printed since; `next` is where to ask again, empty when the script has ended."""

    view: View
    reports: list[ShownReport]
    next: str
    status: str
    status_label: str


@require_safe
def console(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    view = View.read(request.GET)
    page = _page(task, view, request.GET)
    reports = shown_reports(page.lines, search=view.search)
    context = ConsoleContext(
        frame=experiment_frame(request.user, task, "console"),
        view=view,
        reports=reports,
        total=f"{page.total:,}",
        start=view.address(**{"from": "start"}) if page.has_earlier and not view.search else "",
        earlier=view.address(before=page.first or "") if page.has_earlier else "",
        later=view.address(after=page.last or "") if page.has_later and not view.search else "",
        newest=view.address() if page.has_later else "",
        times=replace(view, times=not view.times).address(),
        levels=replace(view, levels=not view.levels).address(),
        from_top=bool(request.GET.get("after") or request.GET.get("from")),
        tail=_tail_address(view, page.last) if _follows(task, view, page) else "",
    )
    return render_page(request, "experiments/console.html", "experiments/_console.html", context)


@require_safe
def console_tail(request: HttpRequest, uid: str) -> HttpResponse:
    """What came after a place, for a page that follows a running script."""
    task = task_for(request.user, uid)
    if not wants_fragment(request):
        return redirect("experiment-console", uid=task.uid)
    after = request.GET.get("after", "")
    page = log_page(task, limit=REPORTS, after=after or None, from_start=not after)
    running = task.status == Status.IN_PROGRESS
    if running and not page.lines:
        return HttpResponse(status=204)
    view = View.read(request.GET)
    day = day_of(position_from(after, "cursor").moment) if after else ""
    reports = shown_reports(page.lines, day=day)
    more = running or page.has_later
    tail = Tail(view, reports, _tail_address(view, page.last or after) if more else "",
                task.status, LABELS[Status(task.status)])  # fmt: skip
    return render(request, "experiments/_console_tail.html", {"tail": tail})


@require_safe
def console_download(request: HttpRequest, uid: str) -> StreamingHttpResponse:
    """The whole log as it reads, without colours."""
    task = task_for(request.user, uid)
    response = StreamingHttpResponse(_texts(task), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{task.name}.log")
    return response


def _page(task: Task, view: View, query: QueryDict) -> LogPage:
    before = query.get("before") or None
    if view.search:
        return log_found(task, view.search, limit=REPORTS, before=before)
    return log_page(
        task,
        limit=REPORTS,
        before=before,
        after=query.get("after") or None,
        from_start=query.get("from") == "start",
    )


def _follows(task: Task, view: View, page: LogPage) -> bool:
    return task.status == Status.IN_PROGRESS and not page.has_later and not view.search


def _tail_address(view: View, last: str | None) -> str:
    return view.address(after=last or "")


def _texts(task: Task) -> Iterator[str]:
    lines = whole_log(task)
    while portion := list(islice(lines, DOWNLOADED_AT_ONCE)):
        yield "".join(f"{plain(line.message)}\n" for line in portion)
