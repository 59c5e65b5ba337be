"""How long a queue was, and how long experiments waited in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from experiments.models import Queue, QueueSample
from experiments.queries.queues import length_before, lengths, queue_samples
from experiments.rules.activity import interval_of
from experiments.rules.series import Point
from webui.charts.lines import Axes, LineChart, Series, line_chart
from webui.charts.scales import Span

# Name -> hours in all, seconds gathered into one point, unit of the marks below.
_SPANS = {"24h": (24, 300, "h"), "7d": (7 * 24, 1800, "d")}
_LABELS = {"24h": "24 hours", "7d": "7 days"}
_UNITS = ((2 * 86_400, 86_400, "days"), (2 * 3600, 3600, "hours"), (120, 60, "minutes"))


@dataclass(frozen=True, slots=True)
class SpanChoice:
    label: str
    href: str
    fragment: str
    current: bool


@dataclass(frozen=True, slots=True)
class QueueCharts:
    """Without charts, `quiet` says over which time nothing happened."""

    charts: list[LineChart]
    choices: list[SpanChoice]
    address: str
    quiet: str


def queue_charts(queue: Queue, name: str, now: datetime) -> QueueCharts:
    hours, seconds, unit = _SPANS[name]
    since = now - timedelta(hours=hours)
    samples = queue_samples([queue], since=since, until=now)
    before = length_before(queue, since)
    span = Span(since.timestamp(), now.timestamp(), unit)
    charts = [_lengths(queue, samples, before, span, seconds), _waits(samples, span, seconds)]
    return QueueCharts(
        charts=[chart for chart in charts if chart] if samples or before else [],
        choices=[_choice(queue, each, name) for each in _SPANS],
        address=_address(queue, name),
        quiet=_LABELS[name],
    )


def _lengths(
    queue: Queue, samples: Iterable[QueueSample], before: int, span: Span, seconds: int
) -> LineChart | None:
    """The greatest length in each interval; one without samples is as long as it was."""
    found: dict[int, list[int]] = {}
    for sample in samples:
        at = interval_of(sample.minute.timestamp(), span.start, seconds)
        found.setdefault(at, []).append(sample.entries)
    points: list[Point] = []
    length = before
    for at in range(int(span.start), int(span.end), seconds):
        points.append((at, 0, float(max([length, *found.get(at, ())]))))
        length = found.get(at, [length])[-1]
    points.append((int(span.end), 0, float(lengths([queue]).get(queue.pk, 0))))
    axes = Axes(span, whole=True, include=(0, 2))
    return line_chart("Experiments that waited", [Series("waiting", points)], axes=axes)


def _waits(samples: Iterable[QueueSample], span: Span, seconds: int) -> LineChart | None:
    """The mean over those that were taken in an interval."""
    taken: dict[int, tuple[int, float]] = {}
    for sample in samples:
        at = interval_of(sample.minute.timestamp(), span.start, seconds)
        number, waited = taken.get(at, (0, 0.0))
        taken[at] = (number + sample.taken, waited + sample.waited)
    means = {at: waited / number for at, (number, waited) in taken.items() if number}
    if not means:
        return None
    size, unit = _unit(max(means.values()))
    points: list[Point] = [(at, 0, mean / size) for at, mean in sorted(means.items())]
    title = f"Time waited until taken, {unit}"
    return line_chart(title, [Series("mean", points)], axes=Axes(span, include=(0, 1)))


def _unit(longest: float) -> tuple[int, str]:
    return next(((size, unit) for least, size, unit in _UNITS if longest >= least), (1, "seconds"))


def _choice(queue: Queue, name: str, current: str) -> SpanChoice:
    page = reverse("queue", args=[queue.uid])
    return SpanChoice(
        label=_LABELS[name],
        href=f"{page}?span={name}#queue-charts",
        fragment=_address(queue, name),
        current=name == current,
    )


def _address(queue: Queue, name: str) -> str:
    return f"{reverse('queue-charts', args=[queue.uid])}?span={name}"
