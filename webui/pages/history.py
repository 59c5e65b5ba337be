"""HISTORY: who changed what, when and by what means; and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from experiments.errors import InvalidField
from experiments.models import HistoryEntry, Role, Task, Via
from experiments.operations.actor import Actor
from experiments.operations.reverting import EVERYTHING, REVERTIBLE, revert_change, revert_to
from experiments.queries.access import task_for
from experiments.queries.history import history_of
from experiments.rules.document import split_key
from experiments.rules.editing import Kind, edit_refusal
from experiments.rules.redaction import MASK, is_secret
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, Moment, experiment_frame, moment

SHOWN = 2_000
LABELS = {
    "parameters": "Hyperparameter",
    "properties": "User property",
    "configuration": "Configuration object",
    "type": "Type",
    "description": "Description",
    "facts": "Experiment",
    "status": "Status",
    "section": "Section description",
    "reveal": "Secret shown",
    "lock": "Lock",
}
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
    frame: ExperimentFrame
    rows: list[Row]
    key: str
    earlier: str
    whole: str


@require_safe
def history(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "history")
    key = request.GET.get("key", "")
    before = request.GET.get("before", "")
    page = history_of(task, key=key, before=int(before) if _is_id(before) else None)
    address = reverse("experiment-history", args=[task.uid])
    earlier = {"before": page.earlier} | ({"key": key} if key else {})
    context = HistoryContext(
        frame=frame,
        rows=[_row(task, entry, frame.may_edit, address) for entry in page.entries],
        key=key,
        earlier=f"{address}?{urlencode(earlier)}" if page.earlier else "",
        whole=address if key else "",
    )
    return render_page(request, "experiments/history.html", "experiments/_history.html", context)


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
    entry = request.POST.get("entry", "")
    if not _is_id(entry):
        raise InvalidField("the entry is missing", field="entry")
    changed = undo(task=task, entry=int(entry), by=Actor(request.user))
    said = f"{changed} value{'' if changed == 1 else 's'} changed back."
    messages.success(request, said if changed else "It was so already; nothing changed.")
    return HttpResponseRedirect(reverse("experiment-history", args=[task.uid]))


def _row(task: Task, entry: HistoryEntry, may_edit: bool, address: str) -> Row:
    secret = is_secret(entry.key, entry.old or "") or is_secret(entry.key, entry.new or "")
    bulk = entry.key == EVERYTHING
    return Row(
        id=entry.pk,
        label="Many hyperparameters" if bulk else LABELS.get(entry.what, entry.what),
        key="" if bulk or entry.what in {"status", "lock"} else entry.key,
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
    kind: Kind = "parameters"
    if entry.what == "configuration":
        kind = "configuration"
    elif split_key(entry.key)[0] == "properties":
        kind = "properties"
    return edit_refusal(task.status, kind, unlocked=task.properties_unlocked) is None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
