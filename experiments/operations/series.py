"""Stores the points of series in blocks. Part of `operations.events`, under the task's lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import BinaryField, Max
from django.db.models.functions import Substr

from experiments.models import SeriesBlock
from experiments.rules import series
from experiments.rules.series import HEADER_SIZE, Point

_NOTHING_REACHED = -(2**63)


@dataclass
class _Changes:
    """What a batch does to blocks, gathered so that it is stored by three statements."""

    new: list[SeriesBlock] = field(default_factory=list)
    changed: dict[int, SeriesBlock] = field(default_factory=dict)
    emptied: list[int] = field(default_factory=list)

    def store(self) -> None:
        SeriesBlock.objects.filter(id__in=self.emptied).delete()
        SeriesBlock.objects.bulk_create(
            self.changed.values(),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["count", "points"],
        )
        SeriesBlock.objects.bulk_create(self.new)


def add_to_series(task_id: int, points: Mapping[int, Sequence[Point]]) -> dict[int, list[Point]]:
    """Adds points to series (by key id), replacing those of the same iterations.

    Returns the points that are new: a client that heard no answer sends a batch again.
    """
    added: dict[int, list[Point]] = {}
    changes = _Changes()
    last_blocks = _last_blocks(task_id, list(points))
    for key_id, reported in points.items():
        last, fresh, reached = last_blocks.get(key_id), list(reported), _NOTHING_REACHED
        if last:
            reached = series.header(last.points).reached
            if min(point[0] for point in fresh) <= reached:
                fresh = _make_room(last, fresh, changes)
        if fresh:
            added[key_id] = fresh
            open_block = _open(last, changes) or SeriesBlock(task_id=task_id, key_id=key_id)
            _grow(open_block, series.ordered(fresh), reached, changes)
    changes.store()
    return added


def _last_blocks(task_id: int, key_ids: list[int]) -> dict[int, SeriesBlock]:
    newest = (
        SeriesBlock.objects.filter(task_id=task_id, key_id__in=key_ids)
        .values("key_id")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )
    blocks = SeriesBlock.objects.filter(id__in=list(newest))
    return {block.key_id: block for block in blocks}


def _make_room(last: SeriesBlock, reported: list[Point], changes: _Changes) -> list[Point]:
    """Takes out what the reported points replace. Returns those that are not there already."""
    newest = {point[0]: point for point in reported}
    sent_again: set[int] = set()
    for block in _overlapping(last, min(newest), max(newest)):
        stored = series.unpack(block.points)
        known = {point[0]: point for point in stored if point[0] in newest}
        sent_again |= {i for i, point in known.items() if series.same(point, newest[i])}
        replaced = known.keys() - sent_again
        if replaced:
            _refill(block, [point for point in stored if point[0] not in replaced], changes)
    return [point for point in reported if point[0] not in sent_again]


def _overlapping(last: SeriesBlock, least: int, greatest: int) -> Iterator[SeriesBlock]:
    """The blocks of a series that reach into a range of iterations; `last` as it is here."""
    rows = SeriesBlock.objects.filter(task_id=last.task_id, key_id=last.key_id)
    heads = rows.annotate(head=Substr("points", 1, HEADER_SIZE, output_field=BinaryField()))
    for block_id, head in heads.order_by("id").values_list("id", "head"):
        about = series.header(head)
        if about.least <= greatest and about.greatest >= least:
            yield last if block_id == last.id else rows.get(id=block_id)


def _refill(block: SeriesBlock, points: list[Point], changes: _Changes) -> None:
    if not points:
        changes.emptied.append(block.id)
        return
    about = series.header(block.points)
    block.points = series.pack(points, about.reached, sealed=about.sealed)
    block.count = len(points)
    changes.changed[block.id] = block


def _open(last: SeriesBlock | None, changes: _Changes) -> SeriesBlock | None:
    """The last block, if it is still there and can take more points."""
    if last is None or last.id in changes.emptied or series.header(last.points).sealed:
        return None
    return last


def _grow(block: SeriesBlock, points: list[Point], reached: int, changes: _Changes) -> None:
    if block.id is None:
        block.points = series.pack(points, reached)
        changes.new.append(block)
    else:
        block.points = series.append(block.points, points)
        changes.changed[block.id] = block
    block.count = series.header(block.points).count
