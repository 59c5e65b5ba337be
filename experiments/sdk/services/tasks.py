"""Tasks: made, read, listed and edited. Their status and parameters have modules of their own."""

from __future__ import annotations

from typing import Any

import msgspec

from experiments.models import Role
from experiments.operations.reads import note_read
from experiments.operations.tasks import create_task, edit_task, ping_task, set_requirements
from experiments.queries.access import scope_for, task_for
from experiments.queries.metric_names import metric_by_digests
from experiments.queries.projects import projects_visible
from experiments.queries.tasks import TaskPage, task_page
from experiments.queries.types import types_of_tasks
from experiments.sdk.auth import Call
from experiments.sdk.get_all.tasks import GetAll, TaskQuery, translate
from experiments.sdk.get_all.windows import END, Window, read_window
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.wire.changes import TaskFields, changed_to_wire, read_changes
from experiments.sdk.wire.legacy import FIRST_WITH_SECTIONS, with_legacy
from experiments.sdk.wire.projection import read_projection
from experiments.sdk.wire.tasks import has_documents, task_columns, task_to_wire, tasks_to_wire


class OneTask(Request):
    task: str


class Create(TaskFields, kw_only=True):
    arrives_whole = True

    name: str
    type: str
    project: str


class Edit(TaskFields, kw_only=True):
    arrives_whole = True

    task: str
    force: bool = False


class Update(Request):
    arrives_whole = True

    task: str
    name: str | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None
    comment: str | None = None
    project: str | None = None
    output__error: str | None = None


class SetRequirements(Request):
    task: str
    requirements: dict[str, Any]


class GetTypes(Request):
    projects: list[str] | None = None


@endpoint("tasks.create", Create, writes=True)
def create(call: Call, *, request: Create) -> Reply:
    """A new draft in a project."""
    task = create_task(by=call.actor, **read_changes(request, call.user))
    return {"id": task.uid}


@endpoint("tasks.get_by_id", OneTask)
def get_by_id(call: Call, *, task: str) -> Reply:
    """The whole task."""
    found = task_for(call.user, task)
    note_read(task=found, by=call.actor)
    wire = task_to_wire(found)
    if call.version < FIRST_WITH_SECTIONS:
        wire = with_legacy(wire, found.hyperparams)
    return {"task": wire}


@endpoint("tasks.get_all", GetAll)
def get_all(call: Call, *, request: GetAll, extra: dict[str, Any]) -> Reply:
    """Tasks searched, sorted, by page, and only with the fields asked for."""
    return _listed(call, request, extra, named=False)


@endpoint("tasks.get_all_ex", GetAll)
def get_all_ex(call: Call, *, request: GetAll, extra: dict[str, Any]) -> Reply:
    """Like tasks.get_all; project, user and parent come with their names."""
    return _listed(call, request, extra, named=True)


@endpoint("tasks.edit", Edit, writes=True)
def edit(call: Call, *, request: Edit) -> Reply:
    """Replaces each given field; what others changed meanwhile in dictionaries stays."""
    task = task_for(call.user, request.task, Role.EDITOR)
    changes = read_changes(request, call.user, task)
    changed = edit_task(task=task, changes=changes, force=request.force, by=call.actor)
    return {"updated": 1, "fields": changed_to_wire(changed)}


@endpoint("tasks.update", Update, writes=True)
def update(call: Call, *, request: Update) -> Reply:
    """Changes what describes a task, whatever its status."""
    task = task_for(call.user, request.task, Role.EDITOR)
    given = msgspec.structs.asdict(request)
    error = given.pop("output__error")
    changes = read_changes(TaskFields(**{k: v for k, v in given.items() if k != "task"}), call.user)
    if error is not None:
        changes["output"] = {"error": error}
    changed = edit_task(task=task, changes=changes, force=True, by=call.actor)
    return {"updated": 1, "fields": changed_to_wire(changed)}


@endpoint("tasks.set_requirements", SetRequirements, since="2.1", writes=True)
def set_requirements_(call: Call, *, task: str, requirements: dict[str, Any]) -> Reply:
    """The packages a task needs."""
    found = task_for(call.user, task, Role.EDITOR)
    set_requirements(task=found, requirements=requirements, by=call.actor)
    return {"updated": 1, "fields": {"script.requirements": requirements}}


@endpoint("tasks.ping", OneTask, since="2.1", writes=True)
def ping(call: Call, *, task: str) -> Reply:
    """Says that a task is still alive."""
    ping_task(task=task_for(call.user, task, Role.EDITOR))
    return {}


@endpoint("tasks.get_types", GetTypes, since="2.8")
def get_types(call: Call, *, projects: list[str] | None) -> Reply:
    """The types that occur among the tasks one may see."""
    chosen = None
    if projects:
        chosen = [found for found in projects_visible(call.user) if found.uid in projects]
    return {"types": types_of_tasks(scope_for(call.user, projects=chosen, subprojects=False))}


def _listed(call: Call, request: GetAll, extra: dict[str, Any], *, named: bool) -> Reply:
    projection = read_projection(request.only_fields)
    window = read_window(request)
    page = _page(
        call, translate(request, extra, metric_by_digests), window, task_columns(projection)
    )
    if len(page.tasks) == 1 and has_documents(projection):
        # An agent reads the one task it will write to in this way.
        note_read(task=page.tasks[0], by=call.actor)
    reply = {"tasks": tasks_to_wire(page.tasks, projection, named=named)}
    return reply | ({"scroll_id": page.next or END} if window.scrolls else {})


def _page(call: Call, query: TaskQuery, window: Window, columns: list[str] | None) -> TaskPage:
    if window.ended or not window.limit:
        return TaskPage([], None, None)
    chosen = None
    if query.projects.groups:
        chosen = [p for p in projects_visible(call.user) if query.projects.holds({p.uid})]
    return task_page(
        scope_for(call.user, projects=chosen, subprojects=query.subprojects),
        query.where,
        query.order,
        limit=window.limit,
        offset=window.offset,
        after=window.after,
        archived=query.archived,
        only=columns,
    )
