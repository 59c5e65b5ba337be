"""What workers and queues reported of themselves, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from experiments.errors import InvalidField
from experiments.models import QueueSample, WorkerSample
from experiments.queries.queues import queue_for, queue_samples, queues
from experiments.queries.workers import worker_samples
from experiments.rules.activity import (
    AGGREGATES,
    AVERAGE,
    MOST_POINTS,
    Point,
    gathered,
    interval_of,
    numbers_in,
)
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Request

_LATEST = 253_370_764_800  # the year 9999, the last that a date can hold


class Span(Request):
    """From and to in seconds since 1970, gathered into intervals of seconds."""

    from_date: float
    to_date: float
    interval: Count


class QueueMetrics(Span, kw_only=True):
    arrives_whole = True

    queue_ids: list[str] | None = None
    refresh: bool = False


class Activity(Span, kw_only=True):
    arrives_whole = True


class StatItem(msgspec.Struct, kw_only=True):
    key: str
    category: str | None = None


class GetStats(Span, kw_only=True):
    arrives_whole = True

    items: list[StatItem]
    worker_ids: list[str] | None = None
    split_by_variant: bool = False


class GetMetricKeys(Request):
    worker_ids: list[str] | None = None


@endpoint("queues.get_queue_metrics", QueueMetrics, since="2.4")
def get_queue_metrics(call: Call, *, request: QueueMetrics) -> Reply:
    """How long queues were and how long tasks waited; without ids, of all of them together."""
    since, until = _moments(request)
    chosen = [queue_for(uid) for uid in dict.fromkeys(request.queue_ids or ())]
    samples = queue_samples(chosen or queues(), since=since, until=until)
    if not chosen:
        return {"queues": [{"queue": "all", **_queue_series(samples, request)}]}
    return {
        "queues": [
            {
                "queue": queue.uid,
                **_queue_series([s for s in samples if s.queue_id == queue.pk], request),
            }
            for queue in chosen
        ]
    }


@endpoint("workers.get_activity_report", Activity, since="2.4")
def get_activity_report(call: Call, *, request: Activity) -> Reply:
    """How many workers reported, and how many of them ran something."""
    since, until = _moments(request)
    samples = worker_samples(since=since, until=until)
    return {
        "total": _counted(samples, request),
        "active": _counted((sample for sample in samples if sample.busy), request),
    }


@endpoint("workers.get_metric_keys", GetMetricKeys, since="2.4")
def get_metric_keys(call: Call, *, worker_ids: list[str] | None) -> Reply:
    """The names of what workers report, by the word before the first underscore."""
    samples = worker_samples(
        since=datetime.fromtimestamp(0, UTC), until=datetime.now(UTC), names=worker_ids or None
    )
    names = sorted({name for sample in samples for name, _, _ in numbers_in(sample.stats)})
    categories: dict[str, list[str]] = {}
    for name in names:
        categories.setdefault(name.partition("_")[0], []).append(name)
    return {"categories": [{"name": n, "metric_keys": keys} for n, keys in categories.items()]}


@endpoint("workers.get_stats", GetStats, since="2.4")
def get_stats(call: Call, *, request: GetStats) -> Reply:
    """What workers reported of their machines, gathered into intervals."""
    since, until = _moments(request)
    wanted = [(item.key, _aggregate(item.category)) for item in request.items]
    by_worker: dict[str, list[WorkerSample]] = {}
    for sample in worker_samples(since=since, until=until, names=request.worker_ids or None):
        by_worker.setdefault(sample.worker.name, []).append(sample)
    return {
        "workers": [
            {"worker": name, "metrics": list(_metrics(samples, wanted, request))}
            for name, samples in by_worker.items()
        ]
    }


def _metrics(
    samples: Sequence[WorkerSample], wanted: Sequence[tuple[str, str]], request: GetStats
) -> Iterable[dict[str, Any]]:
    for metric in dict.fromkeys(key for key, _ in wanted):
        series: dict[str, list[Point]] = {}
        for sample in samples:
            for _, variant, value in numbers_in(sample.stats, metric):
                name = variant if request.split_by_variant else ""
                series.setdefault(name, []).append(Point(sample.minute.timestamp(), value))
        for variant, points in sorted(series.items()):
            found = {
                how: gathered(points, request.from_date, request.interval, how)
                for key, how in wanted
                if key == metric
            }
            yield {
                "metric": metric,
                **({"variant": variant} if request.split_by_variant else {}),
                "dates": list(next(iter(found.values()))),
                "stats": [
                    {"aggregation": how, "values": list(values.values())}
                    for how, values in found.items()
                ],
            }


def _queue_series(samples: Sequence[QueueSample], span: Span) -> dict[str, Any]:
    lengths = gathered(
        (Point(s.minute.timestamp(), s.entries) for s in samples), span.from_date, span.interval
    )
    waits = gathered(
        (Point(s.minute.timestamp(), s.waited / s.taken if s.taken else 0.0) for s in samples),
        span.from_date,
        span.interval,
        "max",
    )
    return {
        "dates": list(lengths),
        "queue_lengths": [round(value) for value in lengths.values()],
        "avg_waiting_times": list(waits.values()),
    }


def _counted(samples: Iterable[WorkerSample], span: Span) -> dict[str, Any]:
    seen: dict[int, set[int]] = {}
    for sample in samples:
        at = interval_of(sample.minute.timestamp(), span.from_date, span.interval)
        seen.setdefault(at, set()).add(sample.worker_id)
    dates = sorted(seen)
    return {"dates": dates, "counts": [len(seen[at]) for at in dates]}


def _moments(span: Span) -> tuple[datetime, datetime]:
    if span.interval < 1:
        raise InvalidField("the interval must be at least one second", field="interval")
    for name in ("from_date", "to_date"):
        if not 0 <= getattr(span, name) <= _LATEST:
            raise InvalidField(f"{name} must be seconds since 1970", field=name)
    if span.to_date < span.from_date:
        raise InvalidField("to_date is before from_date", field="to_date")
    if (span.to_date - span.from_date) / span.interval > MOST_POINTS:
        raise InvalidField(f"that makes more than {MOST_POINTS:,} points", field="interval")
    return (
        datetime.fromtimestamp(span.from_date, UTC),
        datetime.fromtimestamp(span.to_date, UTC),
    )


def _aggregate(category: str | None) -> str:
    if category and category not in AGGREGATES:
        raise InvalidField(f"{category!r} is none of {', '.join(AGGREGATES)}", field="items")
    return category or AVERAGE
