"""The fields of `tasks.create` and `tasks.edit` as the operations take them."""

from __future__ import annotations

from typing import Any

from experiments.models import Project, Role, Task, User
from experiments.operations.documents import Object
from experiments.queries.access import project_for, task_for
from experiments.queries.configurations import configurations
from experiments.sdk.schema import Request
from experiments.sdk.wire.legacy import replace_legacy, take_legacy
from experiments.sdk.wire.parameters import configuration_from_wire, document_from_wire
from experiments.sdk.wire.shapes import check_shapes

Structure = dict[str, Any]
PLAIN = (
    "name",
    "type",
    "comment",
    "tags",
    "system_tags",
    "script",
    "container",
    "models",
    "runtime",
)


class TaskFields(Request):
    """What can be given of a task; absent fields stay as they are."""

    name: str | None = None
    type: str | None = None
    comment: str | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None
    project: str | None = None
    parent: str | None = None
    output_dest: str | None = None
    script: Structure | None = None
    execution: Structure | None = None
    container: Structure | None = None
    models: Structure | None = None
    runtime: Structure | None = None
    hyperparams: Structure | None = None
    configuration: Structure | None = None


def read_changes(fields: TaskFields, user: User, task: Task | None = None) -> dict[str, Any]:
    """The given fields; `task` is the one to be changed. Checks access to what they name."""
    changes: dict[str, Any] = {
        name: value for name in PLAIN if (value := getattr(fields, name)) is not None
    }
    check_shapes(fields)
    if fields.project is not None:
        changes["project"] = project_for(user, fields.project, Role.EDITOR)
    if fields.parent is not None:
        changes["parent"] = task_for(user, fields.parent) if fields.parent else None
    if fields.output_dest is not None:
        changes["output"] = {"destination": fields.output_dest}
    if fields.hyperparams is not None:
        changes["hyperparams"] = document_from_wire(fields.hyperparams)
    if fields.configuration is not None:
        changes["configuration"] = configuration_from_wire(fields.configuration)
    if fields.execution is not None:
        _read_execution(dict(fields.execution), changes, task)
    return changes


def changed_to_wire(changed: dict[str, Any]) -> dict[str, Any]:
    """The `fields` of a reply: what changed, references as ids."""
    return {
        name: value.uid if isinstance(value, Project | Task) else value
        for name, value in changed.items()
    }


def _read_execution(execution: Structure, changes: dict[str, Any], task: Task | None) -> None:
    document, objects = take_legacy(execution)
    if document:
        current = changes.get("hyperparams", task.hyperparams if task else {})
        changes["hyperparams"] = replace_legacy(current, document)
    if objects:
        stored = objects_of(task) if task else {}
        changes["configuration"] = {**changes.get("configuration", stored), **objects}
    changes["execution"] = execution


def objects_of(task: Task) -> dict[str, Object]:
    return {
        found.name: Object(found.value, found.type, found.description)
        for found in configurations(task)
    }
