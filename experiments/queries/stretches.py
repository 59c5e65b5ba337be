"""What a task reported as blocks for `timeline`: console, series, and everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db.models import BinaryField
from django.db.models.functions import Substr

from experiments.models import Key, LogBlock, ReportedEvent, SeriesBlock, Task
from experiments.queries.timeline import Entry, Position, Stretch
from experiments.rules import logs, series
from experiments.rules.logs import Line
from experiments.rules.series import Point

Name = tuple[str, str]  # metric and variant

_LOG, _SERIES, _REPORT = 0, 1, 2  # the sources of a Position


class ReportedScalar(NamedTuple):
    name: Name
    point: Point


def log_stretches(task: Task) -> Iterator[Stretch]:
    rows = LogBlock.objects.filter(task=task).order_by("id").values_list("id", "first", "last")
    for block_id, first, last in rows:
        yield Stretch(_microseconds(first), _microseconds(last), partial(_read_log, block_id))


def _read_log(block_id: int) -> Iterator[Entry]:
    block = LogBlock.objects.get(id=block_id)
    for index, line in enumerate(logs.unpack(block.lines)):
        yield Entry(Position(line.timestamp, _LOG, block_id, index), line)


def series_stretches(task: Task) -> Iterator[Stretch]:
    head = Substr("points", 1, series.HEADER_SIZE, output_field=BinaryField())
    rows = SeriesBlock.objects.filter(task=task).order_by("id").annotate(head=head)
    for block_id, key_id, head_bytes in rows.values_list("id", "key_id", "head"):
        about = series.header(head_bytes)
        yield Stretch(about.first, about.last, partial(_read_series, block_id, key_id))


def _read_series(block_id: int, key_id: int) -> Iterator[Entry]:
    for point in series.unpack(SeriesBlock.objects.get(id=block_id).points):
        position = Position(point[1], _SERIES, key_id, point[0])
        yield Entry(position, (key_id, point))


def report_stretches(rows: Iterable[tuple[int, datetime]]) -> Iterator[Stretch]:
    for row_id, timestamp in rows:
        moment = _microseconds(timestamp)
        entry = Entry(Position(moment, _REPORT, row_id, 0), row_id)
        yield Stretch(moment, moment, partial(list, [entry]))


def with_contents(entries: list[Entry]) -> list[Line | ReportedScalar | ReportedEvent]:
    """The events themselves, where a walk has so far their ids only."""
    scalars = [e.content for e in entries if e.position.source == _SERIES]
    reports = [e.content for e in entries if e.position.source == _REPORT]
    keys = Key.objects.in_bulk({key_id for key_id, _ in scalars})
    rows = ReportedEvent.objects.in_bulk(reports)
    contents: list[Line | ReportedScalar | ReportedEvent] = []
    for position, content in entries:
        if position.source == _SERIES:
            key = keys[content[0]]
            contents.append(ReportedScalar((key.section, key.name), content[1]))
        else:
            contents.append(rows[content] if position.source == _REPORT else content)
    return contents


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
