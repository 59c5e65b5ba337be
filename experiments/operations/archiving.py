"""Puts tasks away and takes them out again. To be archived is to have a system tag."""

from __future__ import annotations

from datetime import datetime

from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.tasks import edit_task

ARCHIVED = "archived"


def set_archived(*, task: Task, archived: bool, by: Actor, now: datetime | None = None) -> bool:
    """Whether this changed anything; the other system tags stay as they are."""
    with locked(task) as found:
        if (ARCHIVED in found.system_tags) is archived:
            return False
        tags = [tag for tag in found.system_tags if tag != ARCHIVED]
        changes = {"system_tags": [*tags, ARCHIVED] if archived else tags}
        edit_task(task=found, changes=changes, force=True, by=by, now=now)
        return True
