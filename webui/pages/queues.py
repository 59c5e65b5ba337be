"""All queues: what waits, who listens; made, renamed, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from experiments.models import Queue
from experiments.operations.actor import Actor
from experiments.queries.queues import Line, line_of, queue_with_id
from experiments.queries.workers import worker_states
from webui.addresses import address_seen
from webui.forms import sent
from webui.fragments import render_page
from webui.polling import nothing_new
from webui.queues.agents import AgentLines, agent_lines
from webui.queues.changing import Outcome, QueueForm, make_queue, remove_queue, rename_queue
from webui.queues.listing import QueueRow, digest, listeners, queue_rows

ANY = "NAME"


@dataclass(frozen=True, slots=True)
class QueueListContext:
    rows: list[QueueRow]
    digest: str
    form: QueueForm
    agent: AgentLines


@dataclass(frozen=True, slots=True)
class QueueFormContext:
    queue: Queue
    form: QueueForm


@dataclass(frozen=True, slots=True)
class DeletionContext:
    """`mine` of what waits may be edited by the person; only then the queue may be deleted."""

    queue: Queue
    waiting: str
    one: bool
    others: str
    listening: int
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
def queue_list(request: HttpRequest) -> HttpResponse:
    form = QueueForm(sent(request))
    made = make_queue(form, Actor(request.user)) if form.is_valid() else None
    if made:
        messages.success(request, f"The queue “{made.name}” is there.")
        return redirect("queue", made.uid)
    now = datetime.now(UTC)
    rows = queue_rows(request.user, now)
    agent = agent_lines(address_seen(request), ANY)
    context = QueueListContext(rows, digest(rows, now), form, agent)
    return nothing_new(request, context.digest) or render_page(
        request, "queues/list.html", "queues/_list.html", context, status=_status(form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, queue: str) -> HttpResponse:
    found = queue_with_id(queue)
    form = QueueForm(sent(request), initial={"name": found.name})
    if form.is_valid() and rename_queue(found, form, Actor(request.user)):
        messages.success(request, f"The queue is named “{form.cleaned_data['name']}”.")
        return redirect("queue", found.uid)
    context = QueueFormContext(found, form)
    return render(request, "queues/rename.html", {"page": context}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, queue: str) -> HttpResponse:
    found = queue_with_id(queue)
    outcome = Outcome()
    if request.method == "POST":
        outcome = remove_queue(found, request.POST.get("waiting", ""), Actor(request.user))
    if outcome.said:
        messages.success(request, outcome.said)
        return redirect("queue-list")
    now = datetime.now(UTC)
    line = line_of(request.user, found, limit=0)
    workers = listeners(worker_states(request.user, since=now, now=now), found.uid)
    context = _deletion(found, line, len(workers), outcome)
    return render(request, "queues/delete.html", {"page": context}, status=outcome.status)


def _deletion(queue: Queue, line: Line, listening: int, outcome: Outcome) -> DeletionContext:
    others = line.total - line.editable
    return DeletionContext(
        queue=queue,
        waiting=str(line.total),
        one=line.total == 1,
        others=f"{others:,}" if others else "",
        listening=listening,
        error=outcome.error,
    )


def _status(form: QueueForm) -> int:
    return 422 if form.errors else 200
