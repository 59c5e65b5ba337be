"""Stores console lines, plots, images and vectors. Part of `operations.events`."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.models import LogBlock, ReportedEvent
from experiments.rules import logs
from experiments.rules.events import Report
from experiments.rules.logs import Line

_UPSERT_ROWS = 100  # plots may be large


def add_lines(task_id: int, lines: Sequence[Line]) -> None:
    """Adds console lines, to the last block as long as there is room in it."""
    if not lines:
        return
    last = LogBlock.objects.filter(task_id=task_id).order_by("-id").first()
    stored = logs.unpack(last.lines) if last else []
    if last and _sent_again(last, stored, lines):
        return
    room = logs.BLOCK_BYTES - sum(map(logs.weight, stored)) if last else 0
    portions = logs.fill(lines, room)
    if (more := next(portions)) and last:
        _fill_block(last, [*stored, *more]).save(update_fields=["first", "last", "count", "lines"])
    LogBlock.objects.bulk_create(
        _fill_block(LogBlock(task_id=task_id), portion) for portion in portions
    )


def add_reports(task_id: int, reports: Sequence[Report]) -> None:
    """Adds them; each replaces an earlier one of its name and iteration."""
    newest = {report.identity: report for report in reports}
    ReportedEvent.objects.bulk_create(
        [
            ReportedEvent(
                task_id=task_id,
                type=report.kind,
                metric=report.name[0],
                variant=report.name[1],
                iteration=report.iteration,
                timestamp=report.timestamp,
                document=report.document,
                plot=report.plot,
            )
            for report in newest.values()
        ],
        update_conflicts=True,
        unique_fields=["task", "type", "metric", "variant", "iteration"],
        update_fields=["timestamp", "document", "plot"],
        batch_size=_UPSERT_ROWS,
    )


def _sent_again(last: LogBlock, stored: list[Line], lines: Sequence[Line]) -> bool:
    """Whether the lines are the last ones there are; they may go back over several blocks."""
    if len(stored) >= len(lines):
        return logs.sent_again(stored, lines)
    if not logs.sent_again(lines, stored):
        return False
    earlier = LogBlock.objects.filter(task_id=last.task_id, id__lt=last.id).order_by("-id")
    for block in earlier.iterator(chunk_size=20):
        stored = logs.unpack(block.lines) + stored
        if len(stored) >= len(lines):
            return logs.sent_again(stored, lines)
    return False


def _fill_block(block: LogBlock, lines: Sequence[Line]) -> LogBlock:
    moments = [line.timestamp for line in lines]
    block.first, block.last = min(moments), max(moments)
    block.count, block.lines = len(lines), logs.pack(lines)
    return block
