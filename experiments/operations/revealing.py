"""Showing masked values to somebody, which the history keeps; the values themselves it does not."""

from __future__ import annotations

from collections.abc import Collection
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
    note_revealed(task=task, keys=[(section, name)], by=by, now=now)
    return item


def note_revealed(
    *, task: Task, keys: Collection[tuple[str, str]], by: Actor, now: datetime | None = None
) -> None:
    """Each of the parameters has been shown, as an entry of its own."""
    changes = [Change("reveal", f"{section}/{name}", None, None) for section, name in keys]
    if changes:
        record(task=task, changes=changes, by=by, now=now or datetime.now(UTC))


def reveal_object(*, task: Task, name: str, by: Actor, now: datetime | None = None) -> None:
    """Keeps that somebody saw the secrets in a configuration object."""
    change = Change("reveal", name, None, None)
    record(task=task, changes=[change], by=by, now=now or datetime.now(UTC))
