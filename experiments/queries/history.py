"""What was changed in a task, newest first."""

from __future__ import annotations

from experiments.models import HistoryEntry, Task


def history_of(task: Task, *, limit: int = 200) -> list[HistoryEntry]:
    entries = HistoryEntry.objects.filter(task=task).select_related("by")
    return list(entries.order_by("-id")[:limit])
