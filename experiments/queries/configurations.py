"""Configuration objects of tasks."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.models import ConfigurationObject, Task


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
