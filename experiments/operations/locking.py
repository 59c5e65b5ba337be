"""The lock of a published task's user properties, which an owner may open."""

from __future__ import annotations

from datetime import UTC, datetime

from experiments.errors import InvalidField
from experiments.models import Task
from experiments.operations import history
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.history import Change
from experiments.rules.status import LOCKED


def unlock_properties(
    *, task: Task, unlocked: bool = True, by: Actor, now: datetime | None = None
) -> None:
    """Opens the user properties of a published task, or closes them again. For owners.

    Raises InvalidField where nothing is locked.
    """
    with locked(task) as found:
        if found.status not in LOCKED:
            raise InvalidField("only a published experiment is locked", field="task")
        if found.properties_unlocked == unlocked:
            return
        words = ("unlocked", "locked") if not unlocked else ("locked", "unlocked")
        change = Change("lock", "properties", *words)
        found.properties_unlocked = unlocked
        found.save(update_fields=["properties_unlocked"])
        history.record(task=found, changes=[change], by=by, now=now or datetime.now(UTC))
