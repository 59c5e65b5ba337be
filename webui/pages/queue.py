"""One queue: its order, how long things wait, and who takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from experiments.models import Queue
from experiments.operations.actor import Actor
from experiments.queries.queues import queue_with_id
from webui.addresses import address_seen
from webui.fragments import render_page, wants_fragment
from webui.polling import nothing_new
from webui.queues.agents import AgentLines, agent_lines
from webui.queues.changing import Change, Outcome, apply_change
from webui.queues.charts import QueueCharts, queue_charts
from webui.queues.entries import Entries, View, entries_shown


@dataclass(frozen=True, slots=True)
class QueueContext:
    """`load` is only drawn with the whole page; `picked` are the ticks to keep."""

    queue: Queue
    view: View
    entries: Entries
    agent: AgentLines
    load: QueueCharts | None
    outcome: Outcome
    picked: frozenset[str] = frozenset()


@require_safe
def queue(request: HttpRequest, queue: str) -> HttpResponse:
    context = _context(request, queue_with_id(queue), Outcome())
    return nothing_new(request, context.entries.digest) or _rendered(request, context)


@require_POST
def order(request: HttpRequest, queue: str) -> HttpResponse:
    """What the buttons of the page send; it answers with the order as it is then."""
    found, change = queue_with_id(queue), Change.read(request.POST)
    outcome = apply_change(found, change, Actor(request.user))
    if outcome.said and not wants_fragment(request):
        messages.success(request, outcome.said)
        row = f"#entry-{change.uid}" if change.uid else ""
        page = reverse("queue", args=[found.uid])
        return redirect(page + View.read(request.GET).query + row)
    picked = frozenset() if outcome.said else frozenset(change.picked)
    return _rendered(request, _context(request, found, outcome, picked))


@require_safe
def charts(request: HttpRequest, queue: str) -> HttpResponse:
    view = View.read(request.GET)
    load = queue_charts(queue_with_id(queue), view.span, datetime.now(UTC))
    return render(request, "queues/_charts.html", {"load": load})


def _context(
    request: HttpRequest, queue: Queue, outcome: Outcome, picked: frozenset[str] = frozenset()
) -> QueueContext:
    view, now = View.read(request.GET), datetime.now(UTC)
    return QueueContext(
        queue=queue,
        view=view,
        entries=entries_shown(request.user, queue, view, now),
        agent=agent_lines(address_seen(request), queue.name),
        load=None if wants_fragment(request) else queue_charts(queue, view.span, now),
        outcome=outcome,
        picked=picked,
    )


def _rendered(request: HttpRequest, context: QueueContext) -> HttpResponse:
    return render_page(
        request,
        "queues/queue.html",
        "queues/_queue.html",
        context,
        status=context.outcome.status,
    )
