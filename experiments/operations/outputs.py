"""Removes what a run has produced: metrics, series, console, plots, files."""

from __future__ import annotations

from typing import Any

from experiments.models import LogBlock, MetricSummary, ReportedEvent, SeriesBlock, Task
from experiments.operations.files import delete_files_of
from experiments.operations.indexing import replace_index, summary_entries
from experiments.rules.artifacts import path_in


def delete_outputs(*, task: Task) -> None:
    """For a locked task; its configuration, properties and history stay."""
    summaries = MetricSummary.objects.filter(task=task).select_related("key")
    replace_index(task.project_id, task.id, summary_entries(summaries), set())
    for model in (MetricSummary, SeriesBlock, LogBlock, ReportedEvent):
        model.objects.filter(task=task).delete()
    put_in = without_outputs(task.execution).get("artifacts", [])
    delete_files_of(task=task, keep={path_in(artifact.get("uri")) for artifact in put_in})


def without_outputs(execution: dict[str, Any]) -> dict[str, Any]:
    """The execution of a task, of its artifacts only those that were put in."""
    kept = [a for a in execution.get("artifacts", []) if a.get("mode") == "input"]
    return {**execution, "artifacts": kept} if "artifacts" in execution else execution
