"""What somebody who is editing is told of the changes that others make meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from experiments.models import Task, User, Via
from experiments.queries.changes import Changed, Seen, changes_since, seen_of
from webui.tables.cells import exact_time, relative_time

NAMED = 3
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Announcement:
    """One sentence: who changed what, and when."""

    who: str
    person: bool
    keys: list[str]
    more: int
    when: str
    exact: str
    iso: str


@dataclass(frozen=True, slots=True)
class News:
    """`address` asks for what comes after this."""

    announcements: list[Announcement]
    address: str


def watch_address(task: Task) -> str:
    """Where a page made from `task` as it is asks what others have changed since."""
    return _address(task, seen_of(task), task.document_version)


def news(task: Task, user: User, asked: QueryDict) -> News | None:
    """What others changed since the page was made; None where it has been told already."""
    seen, told = _seen(asked), _number(asked, "told")
    if seen is None or told == task.document_version:
        return None
    changed = changes_since(task, seen, user)
    if not changed:
        return None
    return News(
        [_announcement(change) for change in changed[:NAMED]],
        _address(task, seen, task.document_version),
    )


def _address(task: Task, seen: Seen, told: int) -> str:
    asked = {
        "version": seen.version,
        "at": seen.at,
        "size": seen.size,
        "told": told,
    }
    return f"{reverse('experiment-changes', args=[task.uid])}?{urlencode(asked)}"


def _seen(asked: QueryDict) -> Seen | None:
    version, at, size = (_number(asked, name) for name in ("version", "at", "size"))
    if version is None or at is None or size is None:
        return None
    return Seen(version, at, size)


def _number(asked: QueryDict, name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _announcement(changed: Changed) -> Announcement:
    keys = [key or "many parameters" for key in changed.keys[:NAMED]]
    return Announcement(
        who=_who(changed),
        person=changed.via in {Via.BROWSER, Via.API},
        keys=keys,
        more=len(changed.keys) - len(keys),
        when=relative_time(changed.at, datetime.now(UTC)),
        exact=exact_time(changed.at),
        iso=changed.at.isoformat(),
    )


def _who(changed: Changed) -> str:
    match changed.via:
        case Via.SDK:
            return f"The script on {changed.host}" if changed.host else "A script"
        case Via.AGENT:
            return f"The agent on {changed.host}" if changed.host else "An agent"
        case Via.SYSTEM:
            return "The system"
    return str(changed.by) if changed.by else "Somebody whose account is gone"
