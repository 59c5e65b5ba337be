"""Writes the history: who changed what, when and by what means.

What a script sets for the first time is the original, not an edit. What one script
changes again and again is one entry whose `new` follows; so history grows with what people
do, not with how long a script runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from experiments.models import HistoryEntry, Task, Via
from experiments.operations.actor import Actor
from experiments.rules.differences import Change
from experiments.rules.document import Document, dumps

__all__ = ["Change", "record", "record_document"]

# A script that changes more values than this at once makes one entry that keeps them all.
BULK = 50
SCRIPTS = frozenset({Via.SDK, Via.AGENT})


def record(*, task: Task, changes: Iterable[Change], by: Actor, now: datetime) -> None:
    changes = list(changes)
    if by.via in SCRIPTS:
        changes = [c for c in changes if c.old is not None or c.what == "properties"]
        changes = _not_continued(task, changes, by, now)
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            task=task,
            what=change.what,
            key=change.key,
            old=change.old,
            new=change.new,
            old_parts=change.old_parts,
            by=by.user,
            via=by.via,
            client=by.host,
            at=now,
        )
        for change in changes
    )


def record_document(
    *, task: Task, changes: list[Change], before: Document, by: Actor, now: datetime
) -> None:
    """Like `record`; a script's mass of changes is one entry with the document before it."""
    if by.via in SCRIPTS and len(changes) > BULK:
        changed = sum(change.old is not None for change in changes)
        changes = [Change("parameters", "*", dumps(before), None)] if changed > BULK else changes
    record(task=task, changes=changes, by=by, now=now)


def _not_continued(task: Task, changes: list[Change], by: Actor, now: datetime) -> list[Change]:
    """The changes that do not go on where the same script's last entry ended."""
    if not changes:
        return []
    entries = HistoryEntry.objects.filter(task=task, key__in={c.key for c in changes})
    latest = {(entry.what, entry.key): entry for entry in entries.order_by("id")}
    fresh = []
    for change in changes:
        entry = latest.get((change.what, change.key))
        if entry and (entry.by_id, entry.via, entry.client) == (by.user.id, by.via, by.host):
            HistoryEntry.objects.filter(pk=entry.pk).update(
                new=change.new, old_parts=change.old_parts, at=now
            )
        else:
            fresh.append(change)
    return fresh
