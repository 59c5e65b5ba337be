"""Workers: who is there, what runs where, and the load that agents report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiments.errors import PageNotFound
from webui.addresses import address_seen
from webui.charts.lines import LineChart
from webui.fragments import render_page, wants_fragment
from webui.pages.queues import ANY
from webui.polling import nothing_new
from webui.queues.agents import AgentLines, agent_lines
from webui.workers.charts import Activity, activity, load_charts
from webui.workers.listing import WorkerRow, digest, worker_rows


@dataclass(frozen=True, slots=True)
class WorkerListContext:
    """`open` is the name of the worker whose load is shown with the page.

    The activity is only drawn with the whole page.
    """

    rows: list[WorkerRow]
    there: str
    busy: str
    gone: str
    digest: str
    open: str
    charts: list[LineChart]
    activity: Activity | None
    agent: AgentLines


@require_safe
def worker_list(request: HttpRequest) -> HttpResponse:
    now = datetime.now(UTC)
    rows = worker_rows(request.user, now)
    name = request.GET.get("worker", "")
    name = name if name in {row.name for row in rows} else ""
    seen = digest(rows, now)
    if unchanged := nothing_new(request, seen):
        return unchanged
    context = WorkerListContext(
        rows=rows,
        there=f"{sum(row.there for row in rows):,}",
        busy=f"{sum(row.busy for row in rows):,}",
        gone=f"{sum(not row.there for row in rows):,}",
        digest=seen,
        open=name,
        charts=load_charts(name, now) if name else [],
        activity=None if wants_fragment(request) else activity(now),
        agent=agent_lines(address_seen(request), ANY),
    )
    return render_page(request, "workers/list.html", "workers/_list.html", context)


@require_safe
def charts(request: HttpRequest, worker: int) -> HttpResponse:
    """The load of one worker, for its row to show when it is opened."""
    now = datetime.now(UTC)
    rows = [row for row in worker_rows(request.user, now) if row.key == str(worker)]
    if not rows:
        raise PageNotFound("this worker was last heard of more than a day ago")
    context = {"row": rows[0], "charts": load_charts(rows[0].name, now)}
    return render(request, "workers/_load.html", context)
