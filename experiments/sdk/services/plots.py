"""Reads plots, debug images and vectors back."""

from __future__ import annotations

from typing import Any

from experiments.queries.access import task_for
from experiments.queries.event_tasks import visible_tasks
from experiments.queries.events import plots, reported_names
from experiments.queries.images import images
from experiments.rules.events import Kind
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Integer, Request, convert
from experiments.sdk.services.scalars import MetricVariants, OneTask, wanted_names
from experiments.sdk.wire.events import report_to_wire, vector_values


class GetTaskPlots(Request):
    task: str
    iters: Count = 1
    metrics: list[MetricVariants] | None = None


class GetMultiTaskPlots(Request):
    tasks: list[str]
    iters: Count = 1


class TaskMetricVariants(Request):
    task: str
    metric: str | None = None
    variants: list[str] | None = None


class DebugImages(Request):
    metrics: list[TaskMetricVariants]
    iters: Count = 1
    navigate_earlier: bool = True
    refresh: bool = False
    scroll_id: str | None = None


class VectorMetricsIterHistogram(Request):
    task: str
    metric: str
    variant: str


@endpoint("events.get_task_plots", GetTaskPlots)
def get_task_plots(
    call: Call, *, task: str, iters: int, metrics: list[MetricVariants] | None
) -> Reply:
    """The plots of the last iterations of each metric and variant, all in one reply."""
    found = task_for(call.user, task)
    shown = plots(found, iterations=max(iters, 1), names=wanted_names(metrics))
    events = [report_to_wire(found, event) for event in shown]
    return {"plots": events, "returned": len(events), "total": len(events), "scroll_id": None}


@endpoint("events.get_multi_task_plots", GetMultiTaskPlots)
def get_multi_task_plots(call: Call, *, tasks: list[str], iters: int) -> Reply:
    """Plots of several tasks: metric, variant, task, iteration."""
    metrics: dict[str, Any] = {}
    total = 0
    for task in visible_tasks(call.user, tasks):
        for event in plots(task, iterations=max(iters, 1)):
            variants = metrics.setdefault(event.metric, {}).setdefault(event.variant, {})
            of_iteration = variants.setdefault(task.uid, {}).setdefault(
                str(event.iteration), {"name": task.name, "plots": []}
            )
            of_iteration["plots"].append(report_to_wire(task, event))
            total += 1
    return {"plots": metrics, "returned": total, "total": total, "scroll_id": None}


@endpoint("events.debug_images", DebugImages)
def debug_images(
    call: Call,
    *,
    metrics: list[TaskMetricVariants],
    iters: int,
    navigate_earlier: bool,
    refresh: bool,
    scroll_id: str | None,
) -> Reply:
    """Images of the latest iterations; `scroll_id` goes on where a reply ended."""
    tasks = visible_tasks(call.user, [wanted.task for wanted in metrics])
    reached = {} if refresh else _read_scroll(scroll_id)
    reply = []
    for task in tasks:
        found = images(
            task,
            names=_names_of(metrics, task.uid),
            iterations=max(iters, 1),
            beyond=reached.get(task.uid),
            earlier=navigate_earlier,
        )
        if found:
            reached[task.uid] = found[-1][0]
        iterations = [
            {"iter": iteration, "events": [report_to_wire(task, event) for event in events]}
            for iteration, events in found
        ]
        reply.append({"task": task.uid, "iterations": iterations})
    return {"metrics": reply, "scroll_id": _write_scroll(reached)}


@endpoint("events.get_vector_metrics_and_variants", OneTask)
def get_vector_metrics_and_variants(call: Call, *, task: str) -> Reply:
    """The names of all vectors."""
    found = task_for(call.user, task)
    metrics: dict[str, list[str]] = {}
    for metric, variant in reported_names([found], Kind.VECTOR)[found.id]:
        metrics.setdefault(metric, []).append(variant)
    return {"metrics": [{"metric": name, "variants": found} for name, found in metrics.items()]}


@endpoint("events.vector_metrics_iter_histogram", VectorMetricsIterHistogram)
def vector_metrics_iter_histogram(call: Call, *, task: str, metric: str, variant: str) -> Reply:
    """One vector at each of its iterations."""
    events = plots(
        task_for(call.user, task), iterations=None, names={metric: [variant]}, kind=Kind.VECTOR
    )
    return {
        "metric": metric,
        "variant": variant,
        "iterations": [event.iteration for event in events],
        "vectors": [vector_values(event) for event in events],
    }


def _names_of(metrics: list[TaskMetricVariants], uid: str) -> dict[str, list[str]] | None:
    """What is asked for of one task: metric -> variants, none for all of them."""
    wanted = [part for part in metrics if part.task == uid]
    if any(part.metric is None for part in wanted):
        return None
    names: dict[str, list[str]] = {str(part.metric): [] for part in wanted}
    for name, variants in names.items():
        asked = [part.variants or [] for part in wanted if part.metric == name]
        if all(asked):
            variants += [variant for part in asked for variant in part]
    return names


def _read_scroll(scroll_id: str | None) -> dict[str, int]:
    """Task -> the iteration reached, from `<task>:<iteration>,...`."""
    pairs = [part.partition(":") for part in (scroll_id or "").split(",") if part]
    reached = {uid: iteration for uid, _, iteration in pairs}
    return convert(reached, dict[str, Integer], at="scroll_id")


def _write_scroll(reached: dict[str, int]) -> str:
    return ",".join(f"{uid}:{iteration}" for uid, iteration in reached.items())
