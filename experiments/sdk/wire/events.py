"""Reported events as the protocol shows them: with every field they were sent with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from experiments.models import MetricSummary, ReportedEvent, Task
from experiments.queries.events import Name, ReportedScalar, Series, SingleValue
from experiments.rules.events import Kind
from experiments.rules.logs import Line
from experiments.rules.series import Point, thin
from experiments.sdk.wire.numbers import number, numbers

Wire = dict[str, Any]
Axis = Literal["iter", "timestamp", "iso_time"]


def event_to_wire(task: Task, event: Line | ReportedScalar | ReportedEvent) -> Wire:
    if isinstance(event, Line):
        return line_to_wire(task, event)
    if isinstance(event, ReportedScalar):
        return scalar_to_wire(task, event.name, event.point)
    return report_to_wire(task, event)


def line_to_wire(task: Task, line: Line) -> Wire:
    wire: Wire = {
        **(line.extra or {}),
        "task": task.uid,
        "type": Kind.LOG.value,
        "timestamp": milliseconds(line.timestamp),
        "msg": line.message,
    }
    if line.level is not None:
        wire["level"] = line.level
    if line.worker is not None:
        wire["worker"] = line.worker
    return wire


def scalar_to_wire(task: Task, name: Name, point: Point) -> Wire:
    return {
        "task": task.uid,
        "type": Kind.SCALAR.value,
        "metric": name[0],
        "variant": name[1],
        "iter": point[0],
        "timestamp": milliseconds(point[1]),
        "value": number(point[2]),
    }


def report_to_wire(task: Task, event: ReportedEvent) -> Wire:
    wire: Wire = {
        **event.document,
        "task": task.uid,
        "type": event.type,
        "metric": event.metric,
        "variant": event.variant,
        "iter": event.iteration,
        "timestamp": milliseconds(round(event.timestamp.timestamp() * 1_000_000)),
    }
    if event.type == Kind.PLOT:
        wire["plot_str"] = event.plot
    if event.type == Kind.VECTOR:
        wire["values"] = vector_values(event)
    return wire


def vector_values(event: ReportedEvent) -> list[Any]:
    # Stored as plain JSON, where NaN and infinities are texts.
    return numbers([float(value) for value in event.document["values"]])


def single_value_to_wire(value: SingleValue) -> Wire:
    return {
        "metric": value.metric,
        "variant": value.variant,
        "value": number(value.value),
        "timestamp": milliseconds(value.timestamp),
    }


def series_to_wire(series: Series, axis: Axis, samples: int) -> dict[str, dict[str, Wire]]:
    """metric -> variant -> name, x and y, thinned to `samples` points a series."""
    metrics: dict[str, dict[str, Wire]] = {}
    for (metric, variant), points in series.items():
        metrics.setdefault(metric, {})[variant] = curve(variant, points, axis, samples)
    return metrics


def curve(name: str, points: Sequence[Point], axis: Axis, samples: int) -> Wire:
    if axis != "iter":
        points = sorted(points, key=lambda point: point[1])
    kept = thin(points, samples)
    return {
        "name": name,
        "x": [axis_value(point, axis) for point in kept],
        "y": numbers([point[2] for point in kept]),
    }


def axis_value(point: Point, axis: Axis) -> float | str:
    if axis == "iter":
        return point[0]
    return milliseconds(point[1]) if axis == "timestamp" else iso_time(point[1])


def latest_to_wire(summaries: Iterable[MetricSummary]) -> list[Wire]:
    """The last values of all series, by metric."""
    metrics: dict[str, list[Wire]] = {}
    for summary in summaries:
        metrics.setdefault(summary.key.section, []).append(
            {"name": summary.key.name, "last_value": number(summary.value)}
        )
    return [{"name": name, "variants": variants} for name, variants in metrics.items()]


def milliseconds(microseconds: int) -> float:
    """A whole number where it was one, which is what the SDK sends."""
    whole, rest = divmod(microseconds, 1000)
    return microseconds / 1000 if rest else whole


def iso_time(microseconds: int) -> str:
    moment = datetime.fromtimestamp(microseconds / 1_000_000, UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
