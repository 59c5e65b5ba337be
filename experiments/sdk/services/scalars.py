"""Reads scalars back: curves for charts, last values, raw points."""

from __future__ import annotations

from experiments.queries.access import task_for
from experiments.queries.event_tasks import visible_tasks
from experiments.queries.events import scalar_names, scalar_series, single_values
from experiments.queries.metrics import metric_summaries
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Request
from experiments.sdk.wire.events import (
    Axis,
    curve,
    latest_to_wire,
    scalar_to_wire,
    series_to_wire,
    single_value_to_wire,
)

DEFAULT_SAMPLES = 6000


class MetricVariants(Request):
    metric: str | None = None
    variants: list[str] | None = None


class ScalarMetricsIterHistogram(Request):
    task: str
    samples: Count = DEFAULT_SAMPLES
    key: Axis = "iter"
    metrics: list[MetricVariants] | None = None


class MultiTaskScalarMetricsIterHistogram(Request):
    tasks: list[str]
    samples: Count = DEFAULT_SAMPLES
    key: Axis = "iter"


class OneTask(Request):
    task: str


class ManyTasks(Request):
    tasks: list[str]


class GetScalarMetricData(Request):
    task: str
    metric: str


def wanted_names(metrics: list[MetricVariants] | None) -> dict[str, list[str]] | None:
    """metric -> variants (none: all) of a request; None where it asks for all."""
    if not metrics:
        return None
    return {wanted.metric or "": wanted.variants or [] for wanted in metrics}


@endpoint("events.scalar_metrics_iter_histogram", ScalarMetricsIterHistogram)
def scalar_metrics_iter_histogram(
    call: Call, *, task: str, samples: int, key: Axis, metrics: list[MetricVariants] | None
) -> Reply:
    """The curves of a task: metric, variant, x and y, by min-max thinning (0: all points)."""
    series = scalar_series(task_for(call.user, task), wanted_names(metrics))
    return series_to_wire(series, key, samples)


@endpoint("events.multi_task_scalar_metrics_iter_histogram", MultiTaskScalarMetricsIterHistogram)
def multi_task_scalar_metrics_iter_histogram(
    call: Call, *, tasks: list[str], samples: int, key: Axis
) -> Reply:
    """The curves of several tasks: metric, variant, task."""
    metrics: dict[str, dict[str, dict[str, object]]] = {}
    for task in visible_tasks(call.user, tasks):
        for (metric, variant), points in scalar_series(task).items():
            curves = metrics.setdefault(metric, {}).setdefault(variant, {})
            curves[task.uid] = curve(task.name, points, key, samples)
    return metrics


@endpoint("events.get_task_single_value_metrics", ManyTasks)
def get_task_single_value_metrics(call: Call, *, tasks: list[str]) -> Reply:
    """The values reported without an iteration."""
    found = visible_tasks(call.user, tasks)
    values = single_values(found)
    return {
        "tasks": [
            {
                "task": task.uid,
                "task_name": task.name,
                "values": [single_value_to_wire(value) for value in values[task.id]],
            }
            for task in found
        ]
    }


@endpoint("events.get_scalar_metrics_and_variants", OneTask)
def get_scalar_metrics_and_variants(call: Call, *, task: str) -> Reply:
    """The names of all series with iterations."""
    metrics: dict[str, list[str]] = {}
    for metric, variant in scalar_names(task_for(call.user, task)):
        metrics.setdefault(metric, []).append(variant)
    return {"metrics": metrics}


@endpoint("events.get_scalar_metric_data", GetScalarMetricData)
def get_scalar_metric_data(call: Call, *, task: str, metric: str) -> Reply:
    """All points of one metric."""
    found = task_for(call.user, task)
    events = [
        scalar_to_wire(found, name, point)
        for name, points in scalar_series(found, {metric: []}).items()
        for point in points
    ]
    return {"events": events, "returned": len(events), "total": len(events), "scroll_id": None}


@endpoint("events.get_task_latest_scalar_values", OneTask)
def get_task_latest_scalar_values(call: Call, *, task: str) -> Reply:
    """The last value of every series."""
    found = task_for(call.user, task)
    return {
        "metrics": latest_to_wire(metric_summaries([found])[found.id]),
        "last_iter": found.last_iteration,
    }
