"""What belongs to a task and would go with it: counted, so that a person is told before."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from experiments.models import (
    ConfigurationObject,
    HistoryEntry,
    LogBlock,
    MetricSummary,
    ReportedEvent,
    SeriesBlock,
    Task,
)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What the run put out (`metrics` to `plots`), and what only deleting removes."""

    metrics: int
    points: int
    console: int
    plots: int
    artifacts: int
    parameters: int
    objects: int
    changes: int
    children: int


def belongings_of(task: Task) -> Belongings:
    def total(model: type) -> int:
        return model.objects.filter(task=task).aggregate(n=Sum("count"))["n"] or 0  # type: ignore[attr-defined]

    def rows(model: type) -> int:
        return model.objects.filter(task=task).aggregate(n=Count("pk"))["n"]  # type: ignore[attr-defined]

    artifacts = task.execution.get("artifacts", [])
    return Belongings(
        metrics=MetricSummary.objects.filter(task=task).count(),
        points=total(SeriesBlock),
        console=total(LogBlock),
        plots=rows(ReportedEvent),
        artifacts=sum(1 for found in artifacts if found.get("mode") != "input"),
        parameters=sum(map(len, task.hyperparams.values())),
        objects=rows(ConfigurationObject),
        changes=rows(HistoryEntry),
        children=Task.objects.filter(parent=task).count(),
    )
