"""What was changed in a task, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Left, Length

from experiments.models import HistoryEntry, Task

BEGINNING = 100_000  # characters of a text that are read to show that it changed


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`earlier` is the entry before which the next page begins; None at the beginning."""

    entries: list[HistoryEntry]
    earlier: int | None


def history_of(
    task: Task, *, key: str = "", before: int | None = None, limit: int = 100
) -> HistoryPage:
    """One page of a task's history, or of the history of one value.

    Of long texts `old` and `new` are the beginning; `old_length` and `new_length` tell of what.
    """
    entries = HistoryEntry.objects.filter(task=task).select_related("by").defer("old", "new")
    entries = entries.annotate(
        old_begin=Left("old", BEGINNING), old_length=Length("old"),
        new_begin=Left("new", BEGINNING), new_length=Length("new"),
    )  # fmt: skip
    if key:
        entries = entries.filter(key=key)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    for entry in found:
        entry.old, entry.new = entry.old_begin, entry.new_begin
    return HistoryPage(found[:limit], found[limit - 1].pk if more else None)


def history_count(task: Task) -> int:
    return HistoryEntry.objects.filter(task=task).count()


def history_entry(task: Task, entry: int) -> HistoryEntry | None:
    return HistoryEntry.objects.filter(task=task, pk=entry).first()
