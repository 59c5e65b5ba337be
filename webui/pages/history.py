"""HISTORY: who changed what, when and by what means; and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from experiments.models import HistoryEntry, Role, Task, Via
from experiments.operations.actor import Actor
from experiments.operations.reverting import REVERTIBLE, kind_of, revert_change, revert_to
from experiments.queries.access import task_for
from experiments.queries.history import history_of
from experiments.rules.editing import edit_refusal
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.undoing import NAMES, is_mass
from webui.configuration.reverting import Undone, is_id, moment_seen, undone_by
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, Moment, experiment_frame, moment

SHOWN = 2_000
LABELS = {
    "parameters": "Hyperparameter",
    "properties": "User property",
    "configuration": "Configuration object",
    "type": "Type",
    "description": "Description",
    "name": "Renamed",
    "section name": "Section renamed",
    "object type": "Type of an object",
    "object about": "Description of an object",
    "facts": "Experiment",
    "execution": "Execution",
    "status": "Status",
    "section": "Section description",
    "reveal": "Secret shown",
    "lock": "Lock",
}
# Their key says nothing, or is one of the two names that are shown beside each other.
WITHOUT_KEY = {"status", "lock", "name", "section name"}
MEANS = {Via.BROWSER: "in the browser", Via.API: "by the API", Via.SYSTEM: "by the system"}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry; `old` and `new` None where there was, or is, nothing."""

    id: int
    label: str
    key: str
    href: str
    old: str | None
    new: str | None
    who: str
    means: str
    at: Moment
    revertible: bool


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
        rows=[_row(task, entry, frame.may_edit, address) for entry in page.entries],
        key=key,
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


def _row(task: Task, entry: HistoryEntry, may_edit: bool, address: str) -> Row:
    names = entry.what in NAMES
    secret = not names and any(is_secret(entry.key, text or "") for text in (entry.old, entry.new))
    bulk = is_mass(entry)
    return Row(
        id=entry.pk,
        label="Many hyperparameters" if bulk else LABELS.get(entry.what, entry.what),
        key="" if bulk or entry.what in WITHOUT_KEY else entry.key,
        href=f"{address}?{urlencode({'key': entry.key})}",
        old="the whole document before" if bulk else _shown(entry.old, secret),
        new=_shown(entry.new, secret),
        who=str(entry.by) if entry.by else "somebody whose account is gone",
        means=_means(entry),
        at=moment(entry.at),
        revertible=may_edit and _is_revertible(task, entry),
    )


def _shown(text: str | None, secret: bool) -> str | None:
    if text is None or text == "":
        return text
    if secret:
        return MASK
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)"


def _means(entry: HistoryEntry) -> str:
    name = {Via.SDK: "by a script", Via.AGENT: "by an agent"}.get(Via(entry.via))
    if name is None:
        return MEANS[Via(entry.via)]
    return f"{name} on {entry.client}" if entry.client else name


def _is_revertible(task: Task, entry: HistoryEntry) -> bool:
    if entry.what not in REVERTIBLE:
        return False
    return edit_refusal(task.status, kind_of(entry), unlocked=task.properties_unlocked) is None
