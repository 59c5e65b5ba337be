"""Stores reported scalars: the series, the summaries and their part of the index.

Part of `operations.events`, which holds the task's lock while this runs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import NamedTuple

from experiments.models import MetricSummary, Source
from experiments.operations.indexing import Entry, key_ids, replace_index
from experiments.operations.series import add_to_series
from experiments.rules.events import Scalar
from experiments.rules.metrics import MAX_SERIES, Summary, summarize, update
from experiments.rules.series import Point

Name = tuple[str, str]  # metric and variant
Points = dict[Name, list[Point]]

_COLUMNS = [field.name for field in fields(Summary)]
_UPSERT_ROWS = 500


class MetricKeys(NamedTuple):
    """The ids of one metric's entries in the dictionary of keys."""

    last: int
    min: int
    max: int


def points_by_name(task_id: int, scalars: Iterable[Scalar]) -> tuple[Points, Counter[str]]:
    """The points of each series, in their order, and what is beyond the limit of series."""
    points: Points = {}
    for scalar in scalars:
        points.setdefault(scalar.name, []).append(scalar.point)
    return points, _refuse_too_many(task_id, points) if points else Counter()


def metric_keys(names: Iterable[Name]) -> dict[Name, MetricKeys]:
    """The keys of metrics, made where they are new."""
    names = sorted(names)
    last, least, greatest = (
        key_ids(source, names) for source in (Source.LAST, Source.MIN, Source.MAX)
    )
    return {name: MetricKeys(last[name], least[name], greatest[name]) for name in names}


def add_points(
    project_id: int, task_id: int, points: Points, keys: Mapping[Name, MetricKeys]
) -> None:
    """Adds points to the series, updates their summaries and the index."""
    if not points:
        return
    ids = [keys[name].last for name in points]
    stored = {
        row.key_id: _summary(row)
        for row in MetricSummary.objects.filter(task_id=task_id, key_id__in=ids)
    }
    added = add_to_series(task_id, {keys[name].last: points[name] for name in points})
    summaries: dict[int, Summary] = {}
    old: set[Entry] = set()
    new: set[Entry] = set()
    for key in (keys[name] for name in points if keys[name].last in added):
        before = stored.get(key.last)
        batch = summarize(added[key.last])
        summaries[key.last] = after = update(before, batch) if before else batch
        old |= _entries(key, before) if before else set()
        new |= _entries(key, after)
    _store_summaries(task_id, summaries)
    replace_index(project_id, task_id, old, new)


def _refuse_too_many(task_id: int, points: Points) -> Counter[str]:
    """Takes out of `points` what would be a series beyond MAX_SERIES."""
    refused: Counter[str] = Counter()
    room = MAX_SERIES - MetricSummary.objects.filter(task_id=task_id).count()
    if len(points) <= room:
        return refused
    rows = MetricSummary.objects.filter(task_id=task_id)
    known = set(rows.values_list("key__section", "key__name"))
    for name in [name for name in points if name not in known][max(room, 0) :]:
        metric, variant = name
        refused[
            f"metric {metric[:100]!r}, variant {variant[:100]!r}:"
            f" an experiment has at most {MAX_SERIES} series"
        ] += len(points.pop(name))
    return refused


def _store_summaries(task_id: int, summaries: dict[int, Summary]) -> None:
    rows = [
        MetricSummary(task_id=task_id, key_id=key, **_row(summary))
        for key, summary in summaries.items()
    ]
    MetricSummary.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["task", "key"],
        update_fields=_COLUMNS,
        batch_size=_UPSERT_ROWS,
    )


def _row(summary: Summary) -> dict[str, float | int | None]:
    return {
        column: None if isinstance(value, float) and math.isnan(value) else value
        for column, value in asdict(summary).items()
    }


def _summary(row: MetricSummary) -> Summary:
    values = {column: getattr(row, column) for column in _COLUMNS}
    for column in ("value", "first_value", "mean_value"):
        if values[column] is None:
            values[column] = math.nan
    return Summary(**values)


def _entries(key: MetricKeys, summary: Summary) -> set[Entry]:
    pairs = ((key.last, summary.value), (key.min, summary.min_value), (key.max, summary.max_value))
    return {
        (key_id, value) for key_id, value in pairs if value is not None and not math.isnan(value)
    }
