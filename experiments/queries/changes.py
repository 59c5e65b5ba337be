"""What others changed of a task since a page was made from it.

The version says whether anything was written; the history says by whom and what. A script's
first values make no history, so beside it the size is compared: what was added can be told
even when nobody knows more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from experiments.models import ConfigurationObject, HistoryEntry, Task, User, Via
from experiments.models.fields import stored_value
from experiments.rules.undoing import is_mass

WHOLE = ("parameters", "properties", "configuration")
WATCHED = (*WHOLE, "type", "description", "name", "section name", "object type", "object about")
MOST = 500  # entries looked at; a page names a few of them


@dataclass(frozen=True, slots=True)
class Seen:
    """A task's dictionaries as a page showed them: as of when (in microseconds), how many."""

    version: int
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What one person or script changed; an empty key stands for a script's many at once.

    Without keys nobody knows more than that something was changed.
    """

    by: User | None
    via: str
    host: str
    at: datetime
    keys: tuple[str, ...] = ()


def last_moment(task: Task) -> int:
    """When it was changed last, in microseconds; entries of the history have such moments too."""
    return stored_value(task.last_change)


def seen_of(task: Task) -> Seen:
    return Seen(task.document_version, last_moment(task), _size(task))


def changes_since(task: Task, seen: Seen, user: User) -> list[Changed]:
    """What anybody but `user` in a browser has changed since, the latest first."""
    if task.document_version == seen.version:
        return []
    entries = HistoryEntry.objects.filter(task=task, what__in=WATCHED, at__gt=seen.at)
    own = Q(by=user, via=Via.BROWSER)
    found = list(_grouped(entries.exclude(own)))
    if found or _size(task) == seen.size + _growth(entries.filter(own)):
        return found
    return [Changed(None, Via.SDK, task.runtime.get("hostname", ""), task.last_change)]


def _grouped(entries: QuerySet[HistoryEntry]) -> Iterator[Changed]:
    latest = entries.select_related("by").defer("old", "new").order_by("-at", "-pk")[:MOST]
    groups: dict[tuple[object, ...], list[HistoryEntry]] = {}
    for entry in latest:
        groups.setdefault((entry.by_id, entry.via, entry.client), []).append(entry)
    for group in groups.values():
        keys = tuple(dict.fromkeys("" if is_mass(entry) else entry.key for entry in group))
        yield Changed(group[0].by, group[0].via, group[0].client, group[0].at, keys)


def _size(task: Task) -> int:
    objects = ConfigurationObject.objects.filter(task=task).count()
    return objects + sum(len(items) for items in task.hyperparams.values())


def _growth(entries: QuerySet[HistoryEntry]) -> int:
    """By how much these changes made the dictionaries larger."""
    whole = Q(what__in=WHOLE)
    counts = entries.aggregate(
        come=Count("pk", filter=whole & Q(old=None)), gone=Count("pk", filter=whole & Q(new=None))
    )
    return counts["come"] - counts["gone"]
