"""Summaries of metrics, for tables, pages and `last_metrics`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from experiments.models import Key, MetricSummary, Task


def metric_summaries(
    tasks: Sequence[Task], keys: Iterable[Key] | None = None
) -> dict[int, list[MetricSummary]]:
    """The summaries of each task by its id, in order of metric and variant, `key` loaded.

    `keys` (of source LAST) restricts them. A task that reported nothing has an empty list.
    """
    rows = MetricSummary.objects.filter(task__in=[task.id for task in tasks])
    if keys is not None:
        rows = rows.filter(key__in=[key.id for key in keys])
    found: dict[int, list[MetricSummary]] = {task.id: [] for task in tasks}
    for row in rows.select_related("key").order_by("task_id", "key__section", "key__name"):
        found[row.task_id].append(row)
    return found
