"""The experiments a request about many of them may read or report to."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.errors import InvalidField, TaskNotFound
from experiments.models import Role, Task, User
from experiments.queries.access import tasks_for

MOST_TASKS = 100
_CHUNK = 500


def writable_tasks(user: User, uids: Iterable[object]) -> dict[str, Task]:
    """Those to which `user` may report; the others, and what is no id, are left out."""
    wanted = list(dict.fromkeys(uid for uid in uids if isinstance(uid, str)))
    found: dict[str, Task] = {}
    for start in range(0, len(wanted), _CHUNK):
        found |= tasks_for(user, wanted[start : start + _CHUNK], Role.EDITOR)
    return found


def visible_tasks(user: User, uids: list[str]) -> list[Task]:
    """All of them, in their order. Raises TaskNotFound, or InvalidField if they are too many."""
    wanted = list(dict.fromkeys(uids))
    if len(wanted) > MOST_TASKS:
        raise InvalidField(f"tasks: at most {MOST_TASKS} at once", field="tasks")
    found = tasks_for(user, wanted)
    for uid in wanted:
        if uid not in found:
            raise TaskNotFound(f"id={uid}", field="tasks")
    return [found[uid] for uid in wanted]
