"""What a task changed from the task it came from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models.functions import MD5

from experiments.models import ConfigurationObject, Role, Task, User
from experiments.queries.access import tasks_for
from experiments.queries.configurations import configurations_of
from experiments.rules.comparing import (
    Difference,
    ObjectDifference,
    document_differences,
    object_differences,
)


@dataclass(frozen=True, slots=True)
class ParentChanges:
    parent: Task
    parameters: list[Difference]
    objects: list[ObjectDifference]

    @property
    def count(self) -> int:
        return len(self.parameters) + len(self.objects)


def changes_from_parent(user: User, task: Task) -> ParentChanges | None:
    """The differences from the parent; None where there is none that `user` may see."""
    return changes_from_parents(user, [task]).get(task.pk)


def changes_from_parents(user: User, tasks: Sequence[Task]) -> dict[int, ParentChanges]:
    """The same for the rows of a table: one query for parents, one for objects."""
    uids = [task.parent.uid for task in tasks if task.parent is not None]
    parents = tasks_for(user, uids, Role.VIEWER) if uids else {}
    pairs = [
        (task, parents[task.parent.uid])
        for task in tasks
        if task.parent is not None and task.parent.uid in parents
    ]
    objects = configurations_of([task for pair in pairs for task in pair])
    texts = {pk: {found.name: found.value for found in rows} for pk, rows in objects.items()}
    return {
        task.pk: ParentChanges(
            parent,
            document_differences(parent.hyperparams, task.hyperparams),
            object_differences(texts[parent.pk], texts[task.pk]),
        )
        for task, parent in pairs
    }


def change_counts(tasks: Sequence[Task]) -> dict[int, int]:
    """How many changes each task has from its parent, where it shows one.

    For the rows of a table: texts of objects are compared by what the database makes of them.
    """
    children = [task for task in tasks if task.parent is not None]
    parents = Task.objects.only("hyperparams").in_bulk({task.parent_id for task in children})
    digests = _digests({*parents, *(task.pk for task in children)})
    return {
        task.pk: len(document_differences(parents[task.parent_id].hyperparams, task.hyperparams))
        + len(object_differences(digests[task.parent_id], digests[task.pk]))
        for task in children
        if task.parent_id in parents
    }


def _digests(tasks: Collection[int]) -> dict[int, dict[str, str]]:
    """Digests of the objects of each task, by name."""
    found: dict[int, dict[str, str]] = {task: {} for task in tasks}
    rows = ConfigurationObject.objects.filter(task__in=tasks).annotate(digest=MD5("value"))
    for task, name, digest in rows.order_by("task", "name").values_list("task", "name", "digest"):
        found[task][name] = digest
    return found
