"""A person's edit of name, tags and description: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from experiments.errors import ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.tasks import edit_task

FIELDS = ("name", "tags", "comment")


def set_facts(
    *,
    task: Task,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any],
    by: Actor,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Sets the given of FIELDS, each of which stood at `seen`; returns what was changed.

    All or nothing. Raises InvalidField, TaskNotEditable, or ValueChangedMeanwhile with the
    value found of the first field that somebody else changed.
    """
    with locked(task) as found:
        for field in FIELDS:
            current = getattr(found, field)
            if field in changes and current not in (seen.get(field), changes[field]):
                text = "\n".join(current) if isinstance(current, list) else current
                raise ValueChangedMeanwhile(field, field=field, current=text)
        return edit_task(task=found, changes=changes, by=by, now=now)
