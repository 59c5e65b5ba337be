"""Reads what scripts reported: console lines, series, single values, plots, images, vectors."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db.models import BinaryField, F, Sum, Window
from django.db.models.functions import RowNumber, Substr

from experiments.models import (
    Key,
    LogBlock,
    MetricSummary,
    ReportedEvent,
    SeriesBlock,
    Source,
    Task,
)
from experiments.queries import timeline
from experiments.queries.keys import find_keys
from experiments.queries.timeline import Entry, Position, Stretch, position_from, walk
from experiments.rules import logs, series
from experiments.rules.events import Kind
from experiments.rules.logs import Line
from experiments.rules.series import SINGLE_VALUE, Point

Name = tuple[str, str]  # metric and variant
Series = dict[Name, list[Point]]

_SOURCES = {Kind.LOG: 0, Kind.SCALAR: 1, Kind.PLOT: 2, Kind.VECTOR: 2, Kind.IMAGE: 2}


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


class ReportedScalar(NamedTuple):
    name: Name
    point: Point


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
    found = walk(_log_stretches(task), limit=limit + 1, start=start, earlier=earlier)
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
    found = walk(
        _log_stretches(task), limit=limit, start=start, earlier=earlier, whole_moments=True
    )
    return [entry.content for entry in found]


def log_count(task: Task) -> int:
    return LogBlock.objects.filter(task=task).aggregate(total=Sum("count"))["total"] or 0


def scalar_series(task: Task, names: Collection[Name] | None = None) -> Series:
    """Whole series in order of metric and variant, points in order of iteration.

    `names` restricts them. Without the values that have no iteration: see `single_values`.
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
    names: dict[int, list[Name]] = {task.id: [] for task in tasks}
    for row in rows:
        names[row.task_id].append((row.key.section, row.key.name))
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
        value_iteration=SINGLE_VALUE, first_value_iteration=SINGLE_VALUE,
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


def plots(
    task: Task,
    *,
    iterations: int | None = 1,
    names: Mapping[str, Collection[str]] | None = None,
    kind: Kind = Kind.PLOT,
) -> list[ReportedEvent]:
    """Plots in order of metric, variant and iteration: the last iterations of each.

    `names` (metric -> its variants, none: all) restricts them. Other kinds work alike.
    """
    rows = ReportedEvent.objects.filter(task=task, type=kind)
    if names is not None:
        rows = rows.filter(metric__in=list(names))
    if iterations is not None:
        rank = Window(
            RowNumber(), partition_by=[F("metric"), F("variant")], order_by=F("iteration").desc()
        )
        newest = rows.annotate(rank=rank).filter(rank__lte=iterations).values_list("id", flat=True)
        rows = ReportedEvent.objects.filter(id__in=list(newest))
    return [
        row for row in rows.order_by("metric", "variant", "iteration")
        if names is None or not names[row.metric] or row.variant in names[row.metric]
    ]


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
        stretches += _log_stretches(task)
    if Kind.SCALAR in kinds:
        stretches += _series_stretches(task)
    others = [kind for kind in kinds if _SOURCES[kind] == 2]
    rows = ReportedEvent.objects.filter(task=task, type__in=others)
    stretches += _report_stretches(rows.values_list("id", "timestamp"))
    start = position_from(cursor, "scroll_id") if cursor else None
    found = walk(stretches, limit=limit, start=start, earlier=descending)
    total = rows.count() + (log_count(task) if Kind.LOG in kinds else 0)
    if Kind.SCALAR in kinds:
        total += SeriesBlock.objects.filter(task=task).aggregate(n=Sum("count"))["n"] or 0
    last = str(found[-1].position) if found else cursor or ""
    return EventPage(_with_contents(found), last, total)


def _log_stretches(task: Task) -> Iterator[Stretch]:
    rows = LogBlock.objects.filter(task=task).order_by("id").values_list("id", "first", "last")
    for block_id, first, last in rows:
        yield Stretch(_microseconds(first), _microseconds(last), partial(_read_log, block_id))


def _read_log(block_id: int) -> Iterator[Entry]:
    block = LogBlock.objects.get(id=block_id)
    for index, line in enumerate(logs.unpack(block.lines)):
        yield Entry(Position(line.timestamp, _SOURCES[Kind.LOG], block_id, index), line)


def _series_stretches(task: Task) -> Iterator[Stretch]:
    head = Substr("points", 1, series.HEADER_SIZE, output_field=BinaryField())
    rows = SeriesBlock.objects.filter(task=task).order_by("id").annotate(head=head)
    for block_id, key_id, head_bytes in rows.values_list("id", "key_id", "head"):
        about = series.header(head_bytes)
        yield Stretch(about.first, about.last, partial(_read_series, block_id, key_id))


def _read_series(block_id: int, key_id: int) -> Iterator[Entry]:
    for point in series.unpack(SeriesBlock.objects.get(id=block_id).points):
        position = Position(point[1], _SOURCES[Kind.SCALAR], key_id, point[0])
        yield Entry(position, (key_id, point))


def _report_stretches(rows: Iterable[tuple[int, datetime]]) -> Iterator[Stretch]:
    for row_id, timestamp in rows:
        moment = _microseconds(timestamp)
        entry = Entry(Position(moment, _SOURCES[Kind.PLOT], row_id, 0), row_id)
        yield Stretch(moment, moment, partial(list, [entry]))


def _with_contents(entries: list[Entry]) -> list[Line | ReportedScalar | ReportedEvent]:
    """The events themselves, where a walk has so far their ids only."""
    scalars = [e.content for e in entries if e.position.source == _SOURCES[Kind.SCALAR]]
    reports = [e.content for e in entries if e.position.source == _SOURCES[Kind.PLOT]]
    keys = Key.objects.in_bulk({key_id for key_id, _ in scalars})
    rows = ReportedEvent.objects.in_bulk(reports)
    contents: list[Line | ReportedScalar | ReportedEvent] = []
    for position, content in entries:
        if position.source == _SOURCES[Kind.SCALAR]:
            key = keys[content[0]]
            contents.append(ReportedScalar((key.section, key.name), content[1]))
        else:
            contents.append(rows[content] if position.source == _SOURCES[Kind.PLOT] else content)
    return contents


def _whole_series(task: Task, names: Collection[Name] | None) -> Series:
    rows = SeriesBlock.objects.filter(task=task).order_by("id")
    if names is not None:
        rows = rows.filter(key__in=list(find_keys(Source.LAST, names).values()))
    points: dict[int, list[Point]] = {}
    for key_id, block in rows.values_list("key_id", "points"):
        points.setdefault(key_id, []).extend(series.unpack(block))
    keys = Key.objects.in_bulk(points)
    found = {
        (keys[key_id].section, keys[key_id].name): series.ordered(collected)
        for key_id, collected in points.items()
    }
    return dict(sorted(found.items()))


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
