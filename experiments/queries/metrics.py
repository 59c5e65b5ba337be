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
    summaries = list(rows)
    named = Key.objects.in_bulk({row.key_id for row in summaries})
    found: dict[int, list[MetricSummary]] = {task.id: [] for task in tasks}
    for row in summaries:
        # A key each, not a row each: a table of a hundred tasks shows the same few metrics.
        row.key = named[row.key_id]
        found[row.task_id].append(row)
    for of_task in found.values():
        of_task.sort(key=lambda row: (row.key.section, row.key.name))
    return found


def metric_count(task: Task) -> int:
    return MetricSummary.objects.filter(task=task).count()
