"""A new draft from an experiment: its configuration and code, without what the run put out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from experiments.models import ParameterSection, Project, Task
from experiments.operations.actor import Actor
from experiments.operations.archiving import ARCHIVED
from experiments.operations.documents import stored_configuration
from experiments.operations.outputs import without_outputs
from experiments.operations.status import DEVELOPMENT
from experiments.operations.tasks import PARTS, create_task

# What says how a task came about or where it stands, not what it is.
_OWN_TAGS = frozenset({DEVELOPMENT, ARCHIVED})


def clone_task(
    *,
    task: Task,
    name: str = "",
    project: Project | None = None,
    parent: Task | None = None,
    changes: Mapping[str, Any] | None = None,
    by: Actor,
    now: datetime | None = None,
) -> Task:
    """A draft like `task`. `changes` are fields of `create_task` that replace the copied ones.

    Without `parent` it becomes a sibling: a child of the parent of `task`, or of `task`
    itself where that has none. Raises InvalidField.
    """
    fields = copied_fields(task)
    for field, value in (changes or {}).items():
        # Of these, what is not given stays as it is in the source.
        fields[field] = {**fields[field], **value} if field in PARTS else value
    with transaction.atomic():
        clone = create_task(
            project=project or task.project,
            name=name or f"Clone of {task.name}"[:1024],
            type=fields.pop("type", task.type),
            parent=parent or task.parent or task,
            by=by,
            now=now,
            **fields,
        )
        copy_sections(task, [clone])
    return clone


def copied_fields(task: Task) -> dict[str, Any]:
    """What a clone takes over, as fields of `create_task`."""
    execution = {name: value for name, value in task.execution.items() if name != "queue"}
    destination = task.output.get("destination")
    return {
        "comment": task.comment,
        "tags": list(task.tags),
        "system_tags": [tag for tag in task.system_tags if tag not in _OWN_TAGS],
        "script": dict(task.script),
        "execution": without_outputs(execution),
        "container": dict(task.container),
        "output": {"destination": destination} if destination else {},
        "models": {"input": list(task.models.get("input", []))},
        "hyperparams": task.hyperparams,
        "configuration": stored_configuration(task),
    }


def copy_sections(task: Task, clones: list[Task]) -> None:
    """What was said of the sections themselves."""
    facts = list(ParameterSection.objects.filter(task=task))
    ParameterSection.objects.bulk_create(
        ParameterSection(
            task=clone,
            name=found.name,
            position=found.position,
            origin=found.origin,
            collapsed=found.collapsed,
            description=found.description,
        )
        for clone in clones
        for found in facts
        if found.name in clone.hyperparams
    )
