"""Reads what scripts reported: console lines, series, single values, plots, images, vectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, Sum, Window
from django.db.models.functions import RowNumber

from experiments.models import Key, LogBlock, MetricSummary, ReportedEvent, SeriesBlock, Task
from experiments.queries import timeline
from experiments.queries.stretches import (
    Name,
    ReportedScalar,
    log_stretches,
    report_stretches,
    series_stretches,
    with_contents,
)
from experiments.queries.timeline import Stretch, position_from, walk
from experiments.rules import series
from experiments.rules.events import Kind
from experiments.rules.logs import Line
from experiments.rules.series import SINGLE_VALUE, Point

Series = dict[Name, list[Point]]
Names = Mapping[str, Collection[str]]  # metric -> certain variants of it or, if empty, all


@dataclass(frozen=True, slots=True)
class LogPage:
    """Console lines in order of time; `first` and `last` are the cursors of its ends.

    A reader that waits for more asks for what comes after `last`.
    """

    lines: list[Line]
    first: str | None
    last: str | None
    has_earlier: bool
    has_later: bool
    total: int


class SingleValue(NamedTuple):
    metric: str
    variant: str
    value: float
    timestamp: int


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order asked for; `next` is the position of the last, for the next page."""

    events: list[Line | ReportedScalar | ReportedEvent]
    next: str
    total: int


def log_page(
    task: Task,
    *,
    limit: int = 200,
    before: str | None = None,
    after: str | None = None,
    from_start: bool = False,
) -> LogPage:
    """The newest lines; or those next to a cursor; or, `from_start`, the oldest."""
    earlier = after is None and not from_start
    cursor = before or after
    start = position_from(cursor, "cursor") if cursor else None
    found = walk(log_stretches(task), limit=limit + 1, start=start, earlier=earlier)
    page = found[:limit][:: -1 if earlier else 1]
    ends = (str(page[0].position), str(page[-1].position)) if page else (cursor, cursor)
    more = len(found) > limit
    return LogPage(
        [entry.content for entry in page],
        *ends,
        has_earlier=more if earlier else after is not None,
        has_later=before is not None if earlier else more,
        total=log_count(task),
    )


def log_lines(
    task: Task, *, limit: int, earlier: bool = True, from_moment: int | None = None
) -> list[Line]:
    """Lines before or after a moment (None: from the end, from the start), in that direction.

    More than `limit` where more share the last moment: the caller goes on by moments.
    """
    start = None
    if from_moment is not None:
        edge = timeline.before if earlier else timeline.after
        start = edge(from_moment)
    found = walk(log_stretches(task), limit=limit, start=start, earlier=earlier, whole_moments=True)
    return [entry.content for entry in found]


def log_count(task: Task) -> int:
    return LogBlock.objects.filter(task=task).aggregate(total=Sum("count"))["total"] or 0


def scalar_series(task: Task, names: Names | None = None) -> Series:
    """Whole series in order of metric and variant, points in order of iteration.

    Without the values that have no iteration: see `single_values`.
    """
    found = _whole_series(task, names)
    kept = {
        name: [point for point in points if point[0] != SINGLE_VALUE]
        for name, points in found.items()
    }
    return {name: points for name, points in kept.items() if points}


def single_values(tasks: Sequence[Task]) -> dict[int, list[SingleValue]]:
    """The values reported without an iteration, by the task's id, in order of name."""
    rows = MetricSummary.objects.filter(
        task__in=[task.id for task in tasks], first_value_iteration=SINGLE_VALUE
    ).select_related("key")
    names: dict[int, dict[str, list[str]]] = {task.id: {} for task in tasks}
    for row in rows:
        names[row.task_id].setdefault(row.key.section, []).append(row.key.name)
    return {
        task.id: [
            SingleValue(*name, points[0][2], points[0][1])
            for name, points in _whole_series(task, names[task.id]).items()
        ]
        for task in tasks
    }


def scalar_names(task: Task) -> list[Name]:
    """Metric and variant of every series that has iterations, in order."""
    rows = MetricSummary.objects.filter(task=task).exclude(
        value_iteration=SINGLE_VALUE,
        first_value_iteration=SINGLE_VALUE,
        max_value_iteration=SINGLE_VALUE,
    )
    return sorted(rows.values_list("key__section", "key__name"))


def reported_names(tasks: Sequence[Task], kind: Kind) -> dict[int, list[Name]]:
    """Metric and variant of what was reported of a kind, by the task's id, in order."""
    rows = ReportedEvent.objects.filter(task__in=[task.id for task in tasks], type=kind)
    names: dict[int, list[Name]] = {task.id: [] for task in tasks}
    for task_id, *name in rows.values_list("task_id", "metric", "variant").distinct():
        names[task_id].append((name[0], name[1]))
    return {task_id: sorted(found) for task_id, found in names.items()}


def reported_metrics(tasks: Sequence[Task], kinds: Collection[Kind]) -> dict[int, list[str]]:
    """The metrics of which anything of these kinds was reported, by the task's id, in order."""
    metrics: dict[int, set[str]] = {task.id: set() for task in tasks}
    ids = list(metrics)
    rows = ReportedEvent.objects.filter(task__in=ids, type__in=kinds)
    for task_id, metric in rows.values_list("task_id", "metric").distinct():
        metrics[task_id].add(metric)
    if Kind.SCALAR in kinds:
        summaries = MetricSummary.objects.filter(task__in=ids)
        for task_id, metric in summaries.values_list("task_id", "key__section").distinct():
            metrics[task_id].add(metric)
    return {task_id: sorted(found) for task_id, found in metrics.items()}


def plots(
    task: Task,
    *,
    iterations: int | None = 1,
    names: Names | None = None,
    kind: Kind = Kind.PLOT,
) -> list[ReportedEvent]:
    """Plots in order of metric, variant and iteration: the last iterations of each.

    Vectors and images are read alike, by `kind`.
    """
    rows = ReportedEvent.objects.filter(named(names), task=task, type=kind)
    if iterations is not None:
        rank = Window(
            RowNumber(), partition_by=[F("metric"), F("variant")], order_by=F("iteration").desc()
        )
        newest = rows.annotate(rank=rank).filter(rank__lte=iterations).values_list("id", flat=True)
        rows = ReportedEvent.objects.filter(id__in=list(newest))
    return list(rows.order_by("metric", "variant", "iteration"))


def named(names: Names | None, metric: str = "metric", variant: str = "variant") -> Q:
    """The condition for certain metrics; None: for all. The texts name the columns."""
    condition = Q() if names is None else Q(pk__in=())
    for name, variants in (names or {}).items():
        one = Q(**{metric: name})
        condition |= one & Q(**{f"{variant}__in": variants}) if variants else one
    return condition


def reported_events(
    task: Task,
    *,
    kinds: Collection[Kind] = tuple(Kind),
    limit: int = 500,
    descending: bool = False,
    cursor: str | None = None,
) -> EventPage:
    """Events of all kinds in order of time, a page after `cursor`."""
    stretches: list[Stretch] = []
    if Kind.LOG in kinds:
        stretches += log_stretches(task)
    if Kind.SCALAR in kinds:
        stretches += series_stretches(task)
    others = [kind for kind in kinds if kind not in {Kind.LOG, Kind.SCALAR}]
    rows = ReportedEvent.objects.filter(task=task, type__in=others)
    stretches += report_stretches(rows.values_list("id", "timestamp"))
    start = position_from(cursor, "scroll_id") if cursor else None
    found = walk(stretches, limit=limit, start=start, earlier=descending)
    total = rows.count() + (log_count(task) if Kind.LOG in kinds else 0)
    if Kind.SCALAR in kinds:
        total += SeriesBlock.objects.filter(task=task).aggregate(n=Sum("count"))["n"] or 0
    last = str(found[-1].position) if found else cursor or ""
    return EventPage(with_contents(found), last, total)


def _whole_series(task: Task, names: Names | None) -> Series:
    rows = SeriesBlock.objects.filter(
        named(names, "key__section", "key__name"), task=task
    ).order_by("id")
    points: dict[int, list[Point]] = {}
    for key_id, block in rows.values_list("key_id", "points"):
        points.setdefault(key_id, []).extend(series.unpack(block))
    keys = Key.objects.in_bulk(points)
    found = {
        (keys[key_id].section, keys[key_id].name): series.ordered(collected)
        for key_id, collected in points.items()
    }
    return dict(sorted(found.items()))
