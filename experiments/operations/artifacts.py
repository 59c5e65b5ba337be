"""What a task says it has put out, or was given: artifacts, one for each key and mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.conf import settings

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.rules.artifacts import Artifact, identity
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_name

MOST = 10_000


def add_artifacts(
    *,
    task: Task,
    artifacts: Sequence[Artifact],
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Adds artifacts or replaces those of the same key and mode, in their place.

    Without `force` in a draft only, as the protocol has it; with it until publication, since
    uploads may end after the script has. Raises InvalidField, TaskNotEditable.
    """
    given = {identity(one): one for one in map(_checked, artifacts)}

    def added(stored: list[Artifact]) -> list[Artifact]:
        merged = {identity(one): one for one in stored} | given
        if len(merged) > MOST:
            raise InvalidField(f"an experiment has at most {MOST:,} artifacts", field="artifacts")
        return list(merged.values())

    _rewrite(task, added, force, by, now)
    return len(given)


def remove_artifacts(
    *,
    task: Task,
    identities: Iterable[tuple[str, str]],
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Forgets artifacts by key and mode; their files stay. Returns how many there were."""
    gone = set(identities)
    before: list[Artifact] = []

    def left(stored: list[Artifact]) -> list[Artifact]:
        before.extend(stored)
        return [one for one in stored if identity(one) not in gone]

    after = _rewrite(task, left, force, by, now)
    return len(before) - len(after)


def _rewrite(
    task: Task,
    change: Callable[[list[Artifact]], list[Artifact]],
    force: bool,
    by: Actor,
    now: datetime | None,
) -> list[Artifact]:
    with locked(task) as found:
        if refusal := edit_refusal(found.status, "artifacts", force=force):
            raise TaskNotEditable(refusal, field="task")
        stored: list[Any] = found.execution.get("artifacts") or []
        changed = change(stored)
        if len(msgspec.json.encode(changed)) > settings.MAX_BODY:
            raise InvalidField("their previews are too long to be kept", field="artifacts")
        if changed != stored:
            found.execution = {**found.execution, "artifacts": changed}
            found.last_change = found.last_update = now or datetime.now(UTC)
            found.save(update_fields=["execution", "last_change", "last_update"])
        return changed


def _checked(artifact: Artifact) -> Artifact:
    key, mode = identity(artifact)
    return {**artifact, "key": check_name(key, "key"), "mode": mode}
