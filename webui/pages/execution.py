"""EXECUTION: the code, packages, container and output of an experiment; edited in drafts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experiments.errors import PageNotFound
from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.execution import note_revealed
from experiments.queries.access import may_edit, task_for
from webui.execution.changes import PIECE, Changes, Piece
from webui.execution.downloads import changes_file
from webui.execution.forms import ExecutionForm, save_execution, secrets_of
from webui.execution.groups import GROUPS, Group
from webui.execution.panels import GroupPanel, Reader, Run, recorded_besides, run_of
from webui.fragments import render_page, wants_fragment
from webui.pages.frame import ExperimentFrame, experiment_frame
from webui.structures import FactGroup


@dataclass(frozen=True, slots=True)
class ExecutionContext:
    frame: ExperimentFrame
    task: Task
    refusal: str
    groups: dict[str, GroupPanel]
    run: Run
    besides: FactGroup


@dataclass(frozen=True, slots=True)
class EditContext:
    """The head of the page is made for a page only, not for a form that htmx asks for."""

    task: Task
    form: ExecutionForm
    back: str
    frame: ExperimentFrame | None = None


@dataclass(frozen=True, slots=True)
class PieceContext:
    """`follows` says whether the way to the lines after these belongs to it."""

    task: Task
    piece: Piece
    may_edit: bool
    follows: bool
    back: str
    frame: ExperimentFrame | None = None


@dataclass(frozen=True, slots=True)
class GroupContext:
    task: Task
    panel: GroupPanel
    back: str
    frame: ExperimentFrame | None = None


@require_safe
def execution(request: HttpRequest, uid: str) -> HttpResponse:
    """The page; with `group` and htmx, one group of it."""
    task = task_for(request.user, uid)
    search = request.GET.get("packages", "").strip()
    if wants_fragment(request) and (group := GROUPS.get(request.GET.get("group", ""))):
        return _group(request, Reader(task, may_edit(request.user, task), search), group)
    frame = experiment_frame(request.user, task, "execution")
    reader = Reader(task, frame.may_edit, search)
    context = ExecutionContext(
        frame,
        task,
        reader.refusal,
        {name: reader.panel(name) for name in GROUPS},
        run_of(task),
        recorded_besides(task),
    )
    return render_page(
        request, "experiments/execution.html", "experiments/_execution.html", context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """The form of a group; saves it, or gives it back with the typing and what was wrong."""
    saves = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if saves else Role.VIEWER)
    group = _asked_group(request)
    reader = Reader(task, may_edit(request.user, task))
    if saves:
        outcome = save_execution(task, ExecutionForm.read(request.POST, group), Actor(request.user))
        if outcome.status:
            return _form(request, task, outcome.form, status=outcome.status)
        if wants_fragment(request):
            saved = Reader(task_for(request.user, uid), may_edit=True)
            return _group(request, saved, group, saved=True)
    elif reader.edits:
        return _form(request, task, ExecutionForm.of(task, group))
    elif wants_fragment(request):
        return _group(request, reader, group)
    return HttpResponseRedirect(_back(task, group))


@require_POST
def reveal(request: HttpRequest, uid: str) -> HttpResponse:
    """Shows what is masked in a group to an editor: in its form, or to be read. It is recorded."""
    task = task_for(request.user, uid, Role.EDITOR)
    group = _asked_group(request)
    note_revealed(task=task, fields=secrets_of(task, group), by=Actor(request.user))
    if request.POST.get("do") == "edit":
        return _form(request, task, ExecutionForm.of(task, group, revealed=True))
    if group.name == "changes":
        return _piece(request, task, revealed=True)
    return _group(request, Reader(task, may_edit=True, revealed={group.name}), group)


@require_safe
def changes(request: HttpRequest, uid: str) -> HttpResponse:
    """Some lines of one file of the uncommitted changes."""
    return _piece(request, task_for(request.user, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, uid: str) -> HttpResponse:
    """The changes as a file: for editors, who ask by POST, byte for byte; else without secrets."""
    whole = request.method == "POST"
    task = task_for(request.user, uid, Role.EDITOR if whole else Role.VIEWER)
    group = GROUPS["changes"]
    if whole:
        note_revealed(task=task, fields=secrets_of(task, group), by=Actor(request.user))
    file = changes_file(task, whole=whole)
    if file is None:
        raise PageNotFound("the experiment has no uncommitted changes")
    response = HttpResponse(file.content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response


def _asked_group(request: HttpRequest) -> Group:
    name = request.POST.get("group") or request.GET.get("group", "")
    if name not in GROUPS:
        raise PageNotFound("EXECUTION has no such group")
    return GROUPS[name]


def _back(task: Task, group: Group) -> str:
    return f"{reverse('experiment-execution', args=[task.uid])}#execution-{group.name}"


def _group(
    request: HttpRequest, reader: Reader, group: Group, *, saved: bool = False
) -> HttpResponse:
    """A group for htmx; where a plain form asked, a page of it alone."""
    task, panel = reader.task, reader.panel(group.name, saved=saved)
    context = GroupContext(task, panel, _back(task, group), _frame(request, task))
    return render_page(
        request,
        "experiments/execution_group.html",
        "experiments/_execution_group_alone.html",
        context,
    )


def _form(
    request: HttpRequest, task: Task, form: ExecutionForm, *, status: int = 200
) -> HttpResponse:
    context = EditContext(task, form, _back(task, form.group), _frame(request, task))
    return render_page(
        request,
        "experiments/execution_edit.html",
        "experiments/_execution_form.html",
        context,
        status=status,
    )


def _piece(request: HttpRequest, task: Task, *, revealed: bool = False) -> HttpResponse:
    asked = request.POST if revealed else request.GET
    file, start, limit = (_number(asked.get(name, "")) for name in ("file", "from", "lines"))
    piece = Changes(task).piece(file, start, limit=limit or PIECE, revealed=revealed)
    if piece is None:
        raise PageNotFound("the changes have no such lines")
    context = PieceContext(
        task=task,
        piece=piece,
        may_edit=may_edit(request.user, task),
        follows=not (revealed and wants_fragment(request)),
        back=_back(task, GROUPS["changes"]),
        frame=_frame(request, task),
    )
    return render_page(
        request, "experiments/execution_lines.html", "experiments/_execution_lines.html", context
    )


def _frame(request: HttpRequest, task: Task) -> ExperimentFrame | None:
    if wants_fragment(request):
        return None
    return experiment_frame(request.user, task, "execution")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
