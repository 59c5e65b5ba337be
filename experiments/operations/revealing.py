"""Showing a masked value to somebody, which the history keeps; the value itself it does not."""

from __future__ import annotations

from datetime import UTC, datetime

from experiments.errors import InvalidField
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.history import Change, record
from experiments.rules.document import Item


def reveal_value(
    *, task: Task, section: str, name: str, by: Actor, now: datetime | None = None
) -> Item:
    """The parameter as it is stored. Raises InvalidField when there is none of that name."""
    item = task.hyperparams.get(section, {}).get(name)
    if item is None:
        raise InvalidField(f"there is no parameter {section}/{name}", field="key")
    change = Change("reveal", f"{section}/{name}", None, None)
    record(task=task, changes=[change], by=by, now=now or datetime.now(UTC))
    return item
