"""Reads the index the long way round, task by task: for checks only."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.models import Task
from experiments.queries.keys import INDEX_MODELS
from experiments.rules.values import IndexValue

Entries = set[tuple[int, IndexValue]]


def entries_by_task(tasks: Iterable[Task]) -> dict[int, Entries]:
    """What the index holds for each task in the project where the task is."""
    projects = {task.pk: task.project_id for task in tasks}
    found: dict[int, Entries] = {}
    for model in INDEX_MODELS:
        rows = model.objects.filter(task__in=list(projects))
        for project, key, value, task in rows.values_list("project", "key", "value", "task"):
            if projects[task] == project:
                found.setdefault(task, set()).add((key, value))
    return found


def orphaned_tasks() -> list[tuple[int, int, Entries]]:
    """(project, task, entries) of tasks that are gone, or are in another project."""
    places = dict(Task.objects.values_list("pk", "project_id"))
    found: dict[tuple[int, int], Entries] = {}
    for model in INDEX_MODELS:
        rows = model.objects.values_list("project", "key", "value", "task").iterator()
        for project, key, value, task in rows:
            if places.get(task) != project:
                found.setdefault((project, task), set()).add((key, value))
    return [(project, task, entries) for (project, task), entries in found.items()]
