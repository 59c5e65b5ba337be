"""The load of a worker as it reported it, and how many workers there were."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from experiments.models import WorkerSample
from experiments.queries.workers import Present, worker_samples, workers_over_time
from experiments.rules.activity import Point, gathered, interval_of, numbers_in
from webui.charts.lines import Axes, LineChart, Series, line_chart
from webui.charts.scales import Span

DAY = timedelta(hours=24)
LOAD_SECONDS, ACTIVITY_SECONDS = 300, 1800
MOST_CHARTS = 12


class Measure(NamedTuple):
    """How agents' names are shown: in which chart, by what label, divided by what."""

    chart: str
    label: str
    size: float = 1


# Agents report memory in megabytes, what goes over wires and disks in megabytes a second.
_MEASURES = {
    "cpu_usage": Measure("CPU, %", "CPU"),
    "memory_used": Measure("Memory, GB", "used", 1024),
    "memory_free": Measure("Memory, GB", "free", 1024),
    "gpu_usage": Measure("GPU, %", "GPU"),
    "gpu_memory_used": Measure("GPU memory, GB", "used", 1024),
    "gpu_memory_free": Measure("GPU memory, GB", "free", 1024),
    "network_rx": Measure("Network, MB/s", "received"),
    "network_tx": Measure("Network, MB/s", "sent"),
    "disk_read": Measure("Disk, MB/s", "read"),
    "disk_write": Measure("Disk, MB/s", "written"),
    "cpu_temperature": Measure("Temperature, °C", "CPU"),
    "gpu_temperature": Measure("Temperature, °C", "GPU"),
    "disk_free_home": Measure("Free on disk, %", "home"),
}


@dataclass(frozen=True, slots=True)
class Activity:
    chart: LineChart | None
    there: str
    busy: str


def load_charts(name: str, now: datetime) -> list[LineChart]:
    """What a worker reported in the last day, what is known of agents first."""
    since = now - DAY
    samples = worker_samples(since=since, until=now, names=[name])
    span = _span(now)
    lines: dict[str, dict[str, list[Point]]] = {}
    for sample in samples:
        for chart, label, point in _points(sample):
            lines.setdefault(chart, {}).setdefault(label, []).append(point)
    known = [measure.chart for measure in _MEASURES.values()]
    order = sorted(lines, key=lambda chart: (chart not in known, _place(chart, known), chart))
    charts = (_chart(title, lines[title], span) for title in order[:MOST_CHARTS])
    return [chart for chart in charts if chart]


def activity(now: datetime) -> Activity:
    """How many workers were there, and how many of them ran something, in the last day."""
    since = now - DAY
    present = workers_over_time(since=since, until=now, seconds=ACTIVITY_SECONDS)
    start = interval_of(since.timestamp(), 0, ACTIVITY_SECONDS) + ACTIVITY_SECONDS
    slots = range(start, int(now.timestamp()) + 1, ACTIVITY_SECONDS)
    counts = [(at, present.get(at, Present(0, 0))) for at in slots]
    chart = line_chart(
        "Workers",
        [
            Series("there", [(at, 0, float(count.there)) for at, count in counts]),
            Series("busy", [(at, 0, float(count.busy)) for at, count in counts]),
        ],
        axes=Axes(_span(now), whole=True, include=(0, 2)),
    )
    most = [max((count[place] for _, count in counts), default=0) for place in (0, 1)]
    return Activity(chart if present else None, f"{most[0]:,}", f"{most[1]:,}")


def _points(sample: WorkerSample) -> Iterable[tuple[str, str, Point]]:
    at = sample.minute.timestamp()
    found = [each for each in numbers_in(sample.stats) if math.isfinite(each[2])]
    several = {name for name, variant, _ in found if variant not in {"total", "0"}}
    for name, variant, value in found:
        measure = _MEASURES.get(name, Measure(name, name))
        number = f" {variant}" if name in several else ""
        yield measure.chart, f"{measure.label}{number}", Point(at, value / measure.size)


def _chart(title: str, lines: dict[str, list[Point]], span: Span) -> LineChart | None:
    series = [
        Series(label, [(at, 0, value) for at, value in _gathered(points, span)])
        for label, points in sorted(lines.items())
    ]
    include = (0, 100) if title.endswith("%") else (0, 1)
    return line_chart(title, series, axes=Axes(span, include=include))


def _gathered(points: list[Point], span: Span) -> Iterable[tuple[int, float]]:
    return gathered(points, span.start, LOAD_SECONDS).items()


def _place(chart: str, known: list[str]) -> int:
    return known.index(chart) if chart in known else 0


def _span(now: datetime) -> Span:
    return Span((now - DAY).timestamp(), now.timestamp(), "h")
