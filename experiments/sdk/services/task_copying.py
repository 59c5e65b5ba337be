"""Tasks cloned, moved, deleted, and looked at before they are made."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from experiments.errors import MissingField
from experiments.models import Role
from experiments.operations.cloning import clone_task
from experiments.operations.deleting import delete_task
from experiments.operations.projects import project_to_fill
from experiments.operations.tasks import checked_fields, edit_task
from experiments.queries.access import project_for, task_for
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.wire.changes import Structure, TaskFields, read_changes


class Clone(Request):
    arrives_whole = True

    task: str
    new_task_name: str | None = None
    new_task_comment: str | None = None
    new_task_tags: list[str] | None = None
    new_task_system_tags: list[str] | None = None
    new_task_parent: str | None = None
    new_task_project: str | None = None
    new_project_name: str | None = None
    new_task_hyperparams: Structure | None = None
    new_task_configuration: Structure | None = None
    new_task_container: Structure | None = None
    new_task_input_models: list[Structure] | None = None
    execution_overrides: Structure | None = None
    validate_references: bool = False


class Delete(Request):
    arrives_whole = True

    task: str
    force: bool = False
    return_file_urls: bool = False
    delete_output_models: bool = True
    move_to_trash: bool = False


class Move(Request):
    ids: list[str]
    project: str | None = None
    project_name: str | None = None


class Validate(TaskFields, kw_only=True):
    arrives_whole = True

    name: str
    type: str


@endpoint("tasks.clone", Clone, since="2.5", writes=True)
def clone(call: Call, *, request: Clone) -> Reply:
    """A new draft with the configuration and code of a task."""
    source = task_for(call.user, request.task)
    with transaction.atomic():
        changes = read_changes(_replaced(request), call.user, source)
        project = changes.pop("project", source.project)
        if request.new_project_name and not request.new_task_project:
            project = project_to_fill(name=request.new_project_name, by=call.actor)
        made = clone_task(
            task=source,
            name=changes.pop("name", ""),
            project=project_for(call.user, project.uid, Role.EDITOR),
            parent=changes.pop("parent", None),
            changes=changes,
            by=call.actor,
        )
    named = {"new_project": {"id": project.uid, "name": project.name}}
    return {"id": made.uid} | (named if request.new_project_name else {})


@endpoint("tasks.delete_many", Delete, since="2.13", writes=True, many_of="task")
@endpoint("tasks.delete", Delete, writes=True)
def delete(call: Call, *, request: Delete) -> Reply:
    """Removes a task with all it has reported."""
    task = task_for(call.user, request.task, Role.EDITOR)
    gone = delete_task(task=task, force=request.force, by=call.actor)
    reply: Reply = {
        "deleted": True,
        "updated_children": gone.children,
        "updated_models": 0,
        "deleted_models": 0,
    }
    if request.return_file_urls:
        reply["urls"] = {
            "model_urls": [],
            "event_urls": gone.images,
            "artifact_urls": gone.artifacts,
        }
    return reply


@endpoint("tasks.move", Move, since="2.12", writes=True)
def move(call: Call, *, ids: list[str], project: str | None, project_name: str | None) -> Reply:
    """Puts tasks into another project, which is made when only a new name is given."""
    if not (project or project_name):
        raise MissingField("project or project_name", field="project")
    with transaction.atomic():
        tasks = [task_for(call.user, uid, Role.EDITOR) for uid in dict.fromkeys(ids)]
        named = project or project_to_fill(name=project_name or "", by=call.actor).uid
        to = project_for(call.user, named, Role.EDITOR)
        for task in tasks:
            edit_task(task=task, changes={"project": to}, force=True, by=call.actor)
    return {"updated": len(tasks), "project_id": to.uid}


@endpoint("tasks.validate", Validate)
def validate(call: Call, *, request: Validate) -> Reply:
    """Says what tasks.create would refuse, and makes nothing."""
    checked_fields(read_changes(request, call.user))
    return {}


def _replaced(request: Clone) -> TaskFields:
    """The fields of the clone that are not the source's."""
    given: dict[str, Any] = {
        "name": request.new_task_name,
        "comment": request.new_task_comment,
        "tags": request.new_task_tags,
        "system_tags": request.new_task_system_tags,
        "parent": request.new_task_parent,
        "project": request.new_task_project,
        "hyperparams": request.new_task_hyperparams,
        "configuration": request.new_task_configuration,
        "container": request.new_task_container,
        "execution": request.execution_overrides,
    }
    if request.new_task_input_models is not None:
        given["models"] = {"input": request.new_task_input_models}
    return TaskFields(**{name: value for name, value in given.items() if value is not None})
