"""Edits of hyperparameters and user properties: the SDK's, the browser's and the API's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from experiments.errors import (
    ConflictingFields,
    TaskNotEditable,
)
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked, write_documents
from experiments.rules.document import PROPERTIES, Item, copy
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_name
from experiments.rules.parameters import checked_item, checked_key, normal_section

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
            task=found,
            hyperparams=document,
            by=by,
            now=now or datetime.now(UTC),
            touch=sections != {PROPERTIES},
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
            task=found,
            hyperparams=document,
            by=by,
            now=now or datetime.now(UTC),
            touch=sections != {PROPERTIES},
        )


def _require_editable(task: Task, sections: set[str], force: bool) -> None:
    kind = "properties" if sections == {PROPERTIES} else "parameters"
    unlocked = task.properties_unlocked
    if refusal := edit_refusal(task.status, kind, force=force, unlocked=unlocked):
        raise TaskNotEditable(refusal, field="task")
