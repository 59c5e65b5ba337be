"""Configuration objects of tasks."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.models import ConfigurationObject, Role, Task, User
from experiments.queries.access import tasks_for


def configurations(task: Task) -> list[ConfigurationObject]:
    """The objects of one task, by name."""
    return list(ConfigurationObject.objects.filter(task=task).order_by("name"))


def configurations_of(tasks: Iterable[Task]) -> dict[int, list[ConfigurationObject]]:
    """The objects of many tasks, by task and name; one query."""
    found: dict[int, list[ConfigurationObject]] = {task.pk: [] for task in tasks}
    for row in ConfigurationObject.objects.filter(task__in=found).order_by("task", "name"):
        found[row.task_id].append(row)
    return found


def configuration_named(task: Task, name: str) -> ConfigurationObject | None:
    return ConfigurationObject.objects.filter(task=task, name=name).first()


def configuration_names(task: Task) -> tuple[str, ...]:
    """The names of a task's objects, in order."""
    rows = ConfigurationObject.objects.filter(task=task).order_by("name")
    return tuple(rows.values_list("name", flat=True))


def parent_object(user: User, task: Task, name: str) -> ConfigurationObject | None:
    """The object of that name of the task's parent; None also where `user` may not see it."""
    if task.parent is None:
        return None
    parents = tasks_for(user, [task.parent.uid], Role.VIEWER)
    parent = parents.get(task.parent.uid)
    return configuration_named(parent, name) if parent else None
