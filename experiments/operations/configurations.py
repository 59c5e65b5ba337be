"""People's edits of configuration objects: text, name, type, description."""

from __future__ import annotations

from datetime import UTC, datetime

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import (
    Object,
    locked,
    stored_configuration,
    write_documents,
)
from experiments.rules.digests import digest
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_name, check_text


def object_version(found: Object | None) -> str:
    """What a form carries to say which object it was opened on; "" where there was none."""
    return digest(*found) if found else ""


def set_object(
    *,
    task: Task,
    name: str,
    wanted: Object,
    seen: str,
    seen_name: str = "",
    by: Actor,
    now: datetime | None = None,
) -> None:
    """Saves an object that was at version `seen` and called `seen_name`; drafts only.

    Raises InvalidField, TaskNotEditable, or ValueChangedMeanwhile with the text found.
    """
    name = check_name(name, "name")
    for text, field in zip(wanted, Object._fields, strict=True):
        check_text(text or "", field)
    with locked(task) as found:
        objects = _editable(found)
        seen_name = seen_name or name
        _require_seen(objects, seen_name, seen)
        if name != seen_name and name in objects:
            raise InvalidField(f"there is an object {name} already", field="name")
        objects.pop(seen_name, None)
        objects[name] = wanted
        write_documents(task=found, configuration=objects, by=by, now=now or datetime.now(UTC))


def remove_object(
    *, task: Task, name: str, seen: str, by: Actor, now: datetime | None = None
) -> None:
    """Removes an object that was at version `seen`; drafts only."""
    with locked(task) as found:
        objects = _editable(found)
        _require_seen(objects, name, seen)
        objects.pop(name, None)
        write_documents(task=found, configuration=objects, by=by, now=now or datetime.now(UTC))


def _editable(task: Task) -> dict[str, Object]:
    if refusal := edit_refusal(task.status, "configuration"):
        raise TaskNotEditable(refusal, field="task")
    return stored_configuration(task)


def _require_seen(objects: dict[str, Object], name: str, seen: str) -> None:
    found = objects.get(name)
    if object_version(found) != seen:
        raise ValueChangedMeanwhile(f"the object {name}", field=name, current=found and found.value)
