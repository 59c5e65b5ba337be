"""Edits of hyperparameters and user properties: the SDK's, the browser's and the API's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from experiments.errors import (
    ConflictingFields,
    InvalidField,
    TaskNotEditable,
    ValueChangedMeanwhile,
)
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked, write_documents
from experiments.rules.document import PROPERTIES, Document, Item, copy
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_key, check_name, check_text
from experiments.rules.types import type_error

Replace = Literal["none", "section", "all"]


def edit_parameters(
    *,
    task: Task,
    items: Sequence[tuple[str, str, Item]],
    replace: Replace = "none",
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Sets items; `section` empties the mentioned sections first, `all` everything but
    user properties. Returns how many values differ. Raises InvalidField, TaskNotEditable.
    """
    checked = [(*checked_key(section, name), checked_item(item)) for section, name, item in items]
    sections = {section for section, _, _ in checked}
    now = now or datetime.now(UTC)
    with locked(task) as found:
        _require_editable(found, sections, force)
        document = copy(found.hyperparams)
        for section in list(document):
            if (replace == "section" and section in sections) or (
                replace == "all" and section != PROPERTIES
            ):
                document[section] = {}
        for section, name, item in checked:
            document.setdefault(section, {})[name] = item
        return write_documents(
            task=found, hyperparams=document, by=by, now=now, touch=sections != {PROPERTIES}
        )


def delete_parameters(
    *,
    task: Task,
    targets: Sequence[tuple[str, str | None]],
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Removes parameters, or a whole section where the name is None; absent ones are no error."""
    checked = [
        (normal_section(section), None if name is None else check_name(name, "name"))
        for section, name in targets
    ]
    whole = {section for section, name in checked if name is None}
    for section, name in checked:
        if name is not None and section in whole:
            raise ConflictingFields(
                f"section {section} is given both as a whole and by names", field="hyperparams"
            )
    now = now or datetime.now(UTC)
    with locked(task) as found:
        sections = {section for section, _ in checked}
        _require_editable(found, sections, force)
        document = copy(found.hyperparams)
        for section, name in checked:
            if name is None:
                document.pop(section, None)
            else:
                document.get(section, {}).pop(name, None)
        return write_documents(
            task=found, hyperparams=document, by=by, now=now, touch=sections != {PROPERTIES}
        )


def set_value(
    *,
    task: Task,
    section: str,
    name: str,
    value: str,
    seen: str | None,
    by: Actor,
    now: datetime | None = None,
) -> Item:
    """A person's edit of one value that stood at `seen` (None: there was no such parameter).

    The recorded type is a contract: a text that does not fit it is refused. Raises
    InvalidField, TaskNotEditable, or ValueChangedMeanwhile with the value found.
    """
    section, name = checked_key(section, name)
    now = now or datetime.now(UTC)
    with locked(task) as found:
        _require_editable(found, {section}, force=False)
        document = copy(found.hyperparams)
        item = _seen_item(document, section, name, seen)
        check_text(value, name)
        wrong = item and type_error(
            value, item.type, before=item.value, description=item.description
        )
        if wrong:
            raise InvalidField(f"{section}/{name} {wrong}", field=f"{section}/{name}")
        changed = item._replace(value=value) if item else Item(value)
        document.setdefault(section, {})[name] = changed
        write_documents(
            task=found, hyperparams=document, by=by, now=now, touch=section != PROPERTIES
        )
        return changed


def remove_value(
    *,
    task: Task,
    section: str,
    name: str,
    seen: str | None,
    by: Actor,
    now: datetime | None = None,
) -> None:
    """A person's removal of one value that stood at `seen`."""
    section, name = checked_key(section, name)
    now = now or datetime.now(UTC)
    with locked(task) as found:
        _require_editable(found, {section}, force=False)
        document = copy(found.hyperparams)
        if _seen_item(document, section, name, seen) is None:
            return
        del document[section][name]
        write_documents(
            task=found, hyperparams=document, by=by, now=now, touch=section != PROPERTIES
        )


def normal_section(section: str) -> str:
    """The section's one spelling; any case of `properties` means user properties."""
    checked = check_name(section, "section")
    return PROPERTIES if checked.lower() == PROPERTIES else checked


def checked_key(section: str, name: str, field: str = "hyperparams") -> tuple[str, str]:
    section = normal_section(section)
    if "/" in section:
        raise InvalidField(f"section {section!r} must not contain a slash", field="section")
    return check_key(section, name, field)


def checked_item(item: Item) -> Item:
    for text, field in zip(item, ("value", "type", "description"), strict=True):
        if text is not None:
            check_text(text, field)
    return item


def _seen_item(document: Document, section: str, name: str, seen: str | None) -> Item | None:
    item = document.get(section, {}).get(name)
    current = item and (item.value or "")
    if current != seen:
        raise ValueChangedMeanwhile(f"{section}/{name}", field=f"{section}/{name}", current=current)
    return item


def _require_editable(task: Task, sections: set[str], force: bool) -> None:
    kind = "properties" if sections == {PROPERTIES} else "parameters"
    unlocked = task.properties_unlocked
    if refusal := edit_refusal(task.status, kind, force=force, unlocked=unlocked):
        raise TaskNotEditable(refusal, field="task")
