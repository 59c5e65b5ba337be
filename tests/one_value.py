"""A person's form with one row, said in one line."""

from __future__ import annotations

from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.edits import Edit, apply_edits
from experiments.rules.document import Item


def set_value(
    *, task: Task, section: str, name: str, value: str, seen: str | None, by: Actor, **more: object
) -> Item:
    """Saves a value that stood at `seen` (None: it is new), under the type it has."""
    found = _as_seen(task, section, name, seen)
    wanted = found._replace(value=value) if found else Item(value)
    apply_edits(task=task, edits=[Edit(section, name, found, wanted)], by=by, **more)
    return wanted


def remove_value(*, task: Task, section: str, name: str, seen: str, by: Actor) -> None:
    found = _as_seen(task, section, name, seen)
    apply_edits(task=task, edits=[Edit(section, name, found, None)], by=by)


def _as_seen(task: Task, section: str, name: str, seen: str | None) -> Item | None:
    if seen is None:
        return None
    document = Task.objects.get(pk=task.pk).hyperparams
    return document.get(section, {}).get(name, Item(None))._replace(value=seen)
