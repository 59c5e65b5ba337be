"""A person's edit of name, tags, description and project: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from experiments.errors import TaskNotEditable, ValueChangedMeanwhile
from experiments.models import Project, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.projects import project_to_fill
from experiments.operations.tasks import edit_task
from experiments.rules.editing import edit_refusal

FIELDS = ("name", "tags", "comment", "project")


def set_facts(
    *,
    task: Task,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any],
    by: Actor,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Sets the given of FIELDS, each of which stood at `seen`; returns what was changed.

    `project` is a path; a new one is made. All or nothing. Raises InvalidField, NotAllowed,
    TaskNotEditable, or ValueChangedMeanwhile with the value found of the first field that
    somebody else changed.
    """
    with locked(task) as found:
        if refusal := edit_refusal(found.status, "facts"):
            raise TaskNotEditable(refusal, field="task")
        for field in FIELDS:
            current = fact_of(found, field)
            if field in changes and current not in (seen.get(field), changes[field]):
                text = "\n".join(current) if isinstance(current, list) else current
                raise ValueChangedMeanwhile(field, field=field, current=text)
        given = dict(changes)
        if "project" in given:
            given["project"] = project_to_fill(name=given["project"], by=by, now=now)
        return edit_task(task=found, changes=given, force=True, by=by, now=now)


def fact_of(task: Task, field: str) -> Any:
    """What a person reads and types for one of FIELDS."""
    value = getattr(task, field)
    return value.name if isinstance(value, Project) else value
