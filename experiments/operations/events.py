"""Takes in what scripts report: console lines, scalars, vectors, plots, images.

One transaction a batch. A faulty event does not stop the others: it is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import transaction

from experiments.errors import EventsNotAdded, InvalidField
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.reports import add_lines, add_reports
from experiments.operations.scalars import (
    MetricKeys,
    Name,
    Points,
    add_points,
    metric_keys,
    points_by_name,
)
from experiments.rules.events import Event, Report, Scalar, read_event
from experiments.rules.logs import Line
from experiments.rules.metrics import MACHINE_METRICS
from experiments.rules.status import LOCKED

_DISTINCT_ERRORS = 50

Errors = Counter[str]


@dataclass(frozen=True, slots=True)
class Added:
    """`errors_info` says how many events had which fault."""

    added: int
    errors: int
    errors_info: dict[str, int]


class _Row(NamedTuple):
    """What a batch must know of a task, read under its lock."""

    id: int
    status: str
    project_id: int
    last_iteration: int


class _Batch(NamedTuple):
    """What is to be added to one task."""

    row: _Row
    points: Points
    lines: list[Line]
    reports: list[Report]


def add_events(
    *,
    events: Sequence[Any],
    user_tasks: Mapping[str, Task],
    by: Actor,
    unreadable: Sequence[str] = (),
    now: datetime | None = None,
) -> Added:
    """Adds the events whose task is among `user_tasks`: those `by` may report to, by uid.

    `unreadable` are the faults of what came in the same batch but is no event at all.
    The same events sent again change nothing. Raises EventsNotAdded when all are faulty.
    """
    now = now or datetime.now(UTC)
    errors: Errors = Counter(unreadable)
    by_task = _by_task(events, user_tasks, now, errors)
    with transaction.atomic():
        rows = _lock(by_task)
        for task_id in by_task.keys() - {row.id for row in rows}:
            errors["the experiment was deleted meanwhile"] += len(by_task[task_id])
        batches = [_batch(row, by_task[row.id], errors) for row in rows]
        # For all tasks at once, in one order: batches that make the same keys cannot deadlock.
        keys = metric_keys({name for batch in batches for name in batch.points})
        for batch in batches:
            _store(batch, keys, now)
    added = len(events) + len(unreadable) - errors.total()
    if not added:
        raise EventsNotAdded(next(iter(errors), "the batch is empty"), field="events")
    return Added(added, errors.total(), _summary(errors))


def _by_task(
    events: Iterable[Any], user_tasks: Mapping[str, Task], now: datetime, errors: Errors
) -> dict[int, list[Event]]:
    microseconds = int(now.timestamp() * 1000) * 1000  # the protocol's times are milliseconds
    by_task: dict[int, list[Event]] = {}
    for raw in events:
        try:
            event = read_event(raw, microseconds)
        except InvalidField as error:
            errors[error.detail] += 1
            continue
        task = user_tasks.get(event.task)
        if task is None:
            errors[f"no experiment {event.task[:64]!r} to which you may report"] += 1
        else:
            by_task.setdefault(task.id, []).append(event)
    return by_task


def _lock(ids: Iterable[int]) -> list[_Row]:
    """The tasks, locked in order of id so that two batches never wait for each other.

    SQLite's transactions are IMMEDIATE: there the whole database is locked already.
    """
    rows = Task.objects.select_for_update(no_key=True).filter(id__in=list(ids)).order_by("id")
    return [_Row._make(row) for row in rows.values_list(*_Row._fields)]


def _batch(row: _Row, events: list[Event], errors: Errors) -> _Batch:
    """What of the events can be added to a task, by kind."""
    if row.status in LOCKED:
        taken = [event for event in events if event.allow_locked]
        if refused := len(events) - len(taken):
            errors[f"the experiment is {row.status}, and allow_locked is not set"] += refused
        events = taken
    contents = [event.content for event in events]
    scalars = [content for content in contents if isinstance(content, Scalar)]
    points, beyond_limit = points_by_name(row.id, scalars)
    errors.update(beyond_limit)
    return _Batch(
        row,
        points,
        [content for content in contents if isinstance(content, Line)],
        [content for content in contents if isinstance(content, Report)],
    )


def _store(batch: _Batch, keys: Mapping[Name, MetricKeys], now: datetime) -> None:
    row = batch.row
    if not (batch.points or batch.lines or batch.reports):
        return
    add_points(row.project_id, row.id, batch.points, keys)
    add_lines(row.id, batch.lines)
    add_reports(row.id, batch.reports)
    iteration = max(_iterations(batch), default=row.last_iteration)
    Task.objects.filter(id=row.id).update(
        last_iteration=max(row.last_iteration, iteration), last_update=now
    )


def _iterations(batch: _Batch) -> Iterator[int]:
    for (metric, _), points in batch.points.items():
        if metric not in MACHINE_METRICS:
            yield max(point[0] for point in points)
    for report in batch.reports:
        if report.name[0] not in MACHINE_METRICS:
            yield report.iteration


def _summary(errors: Errors) -> dict[str, int]:
    """At most _DISTINCT_ERRORS of them: a reply must not grow with a hostile batch."""
    shown = dict(errors.most_common(_DISTINCT_ERRORS))
    if rest := errors.total() - sum(shown.values()):
        shown["other faults"] = rest
    return shown
