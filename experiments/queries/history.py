"""What was changed in a task, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.models import HistoryEntry, Task


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`earlier` is the entry before which the next page begins; None at the beginning."""

    entries: list[HistoryEntry]
    earlier: int | None


def history_of(
    task: Task, *, key: str = "", before: int | None = None, limit: int = 100
) -> HistoryPage:
    """One page of a task's history, or of the history of one value."""
    entries = HistoryEntry.objects.filter(task=task).select_related("by")
    if key:
        entries = entries.filter(key=key)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    return HistoryPage(found[:limit], found[limit - 1].pk if more else None)


def history_count(task: Task) -> int:
    return HistoryEntry.objects.filter(task=task).count()


def history_entry(task: Task, entry: int) -> HistoryEntry | None:
    return HistoryEntry.objects.filter(task=task, pk=entry).first()
