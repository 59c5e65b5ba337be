"""Which types of tasks there are."""

from __future__ import annotations

from experiments.models import Task
from experiments.queries.access import Scope


def types_of_tasks(scope: Scope) -> list[str]:
    """The types that occur in a scope, in alphabetical order."""
    tasks = Task.objects.filter(project__in=scope.projects)
    return sorted(tasks.order_by().values_list("type", flat=True).distinct())
