"""HISTORY: who changed what, when and by what means; and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.reverting import revert_change, revert_to
from experiments.queries.access import task_for
from experiments.queries.history import history_of
from webui.configuration.reverting import Undone, is_id, moment_seen, undone_by
from webui.execution.groups import LABELS as FIELDS
from webui.fragments import render_page
from webui.history import Row, history_row
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class HistoryContext:
    """`seen` is up to when the changes of the experiment are known to this page."""

    frame: ExperimentFrame
    rows: list[Row]
    key: str
    earlier: str
    whole: str
    seen: str
    refusal: str = ""


@require_safe
def history(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, task_for(request.user, uid), Undone())


def _page(request: HttpRequest, task: Task, undone: Undone) -> HttpResponse:
    frame = experiment_frame(request.user, task, "history")
    key = request.GET.get("key", "")
    before = request.GET.get("before", "")
    page = history_of(task, key=key, before=int(before) if is_id(before) else None)
    address = reverse("experiment-history", args=[task.uid])
    earlier = {"before": page.earlier} | ({"key": key} if key else {})
    context = HistoryContext(
        frame=frame,
        rows=[history_row(task, entry, frame.may_edit, address) for entry in page.entries],
        key=FIELDS.get(key, key),
        earlier=f"{address}?{urlencode(earlier)}" if page.earlier else "",
        whole=address if key else "",
        seen=moment_seen(task),
        refusal=undone.refusal,
    )
    return render_page(
        request,
        "experiments/history.html",
        "experiments/_history.html",
        context,
        status=undone.status,
    )


@require_POST
def revert(request: HttpRequest, uid: str) -> HttpResponse:
    """Undoes one entry."""
    return _undo(request, uid, revert_change)


@require_POST
def revert_all(request: HttpRequest, uid: str) -> HttpResponse:
    """Undoes everything that came after an entry."""
    return _undo(request, uid, revert_to)


def _undo(request: HttpRequest, uid: str, undo: Callable[..., int]) -> HttpResponse:
    task = task_for(request.user, uid, Role.EDITOR)
    undone = undone_by(undo, task, request.POST, Actor(request.user))
    if undone.refusal:
        return _page(request, task_for(request.user, uid), undone)
    said = f"{undone.changed} value{'' if undone.changed == 1 else 's'} changed back."
    messages.success(request, said if undone.changed else "It was so already; nothing changed.")
    return HttpResponseRedirect(reverse("experiment-history", args=[task.uid]))
