"""One queue: what waits in it, in order, and who listens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from experiments.models import Queue, User
from experiments.queries.queues import Line, Waiting, line_of, queues
from experiments.queries.workers import WorkerState, worker_states
from webui.pages.frame import Moment, moment
from webui.polling import digest_of
from webui.queues.listing import listeners
from webui.tables.cells import duration_text

PAGE = 100
SPANS = ("24h", "7d")


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at, as the address says: entries after `start`, charts of `span`."""

    start: int = 0
    span: str = SPANS[0]

    @classmethod
    def read(cls, query: QueryDict) -> View:
        start, span = query.get("from", ""), query.get("span", "")
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0
        return cls(number, span if span in SPANS else SPANS[0])

    @property
    def query(self) -> str:
        """With its question mark, or empty where all is as usual."""
        said = {"from": self.start, "span": self.span if self.span != SPANS[0] else ""}
        text = urlencode({name: value for name, value in said.items() if value})
        return f"?{text}" if text else ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    uid: str
    place: str
    name: str
    href: str
    project: str
    project_href: str
    by: str
    since: Moment | None
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """`running` names its experiment; empty when it runs none, or one that may not be seen."""

    name: str
    busy: bool
    running: str
    href: str
    time: str


@dataclass(frozen=True, slots=True)
class Entries:
    """The fragment that asks again: `digest` stands for all it shows."""

    rows: list[EntryRow]
    listeners: list[Listener]
    total: str
    one: bool
    since: Moment | None
    hidden: str
    may_edit_any: bool
    others: list[tuple[str, str]]
    start: str
    earlier: str
    later: str
    digest: str = ""


def entries_shown(user: User, queue: Queue, view: View, now: datetime) -> Entries:
    line = line_of(user, queue, start=view.start, limit=PAGE)
    if view.start and not line.shown:
        # What stood here was taken meanwhile.
        view = replace(view, start=0)
        line = line_of(user, queue, limit=PAGE)
    rows = [_row(waiting) for waiting in line.shown]
    workers = listeners(worker_states(user, since=now, now=now), queue.uid)
    shown = Entries(
        rows=rows,
        listeners=[_listener(state, now) for state in workers],
        total=f"{line.total:,}",
        one=line.total == 1,
        since=moment(line.since) if line.since else None,
        hidden=f"{line.hidden:,}" if line.hidden else "",
        may_edit_any=any(row.may_edit for row in rows),
        others=[(each.uid, each.name) for each in queues() if each.pk != queue.pk],
        start=str(view.start),
        earlier=_page(queue, replace(view, start=max(0, view.start - PAGE))) if view.start else "",
        later=_page(queue, replace(view, start=view.start + PAGE)) if _goes_on(line, view) else "",
    )
    return replace(shown, digest=_digest(shown, now))


def _digest(shown: Entries, now: datetime) -> str:
    rows = [replace(row, since=None) for row in shown.rows]
    listeners = [replace(each, time="") for each in shown.listeners]
    return digest_of(now, replace(shown, rows=rows, listeners=listeners, since=None))


def _goes_on(line: Line, view: View) -> bool:
    return view.start + len(line.shown) < line.total - line.hidden


def _page(queue: Queue, view: View) -> str:
    return reverse("queue", args=[queue.uid]) + view.query


def _row(waiting: Waiting) -> EntryRow:
    entry = waiting.entry
    task = entry.task
    return EntryRow(
        uid=task.uid,
        place=f"{waiting.place + 1:,}",
        name=task.name,
        href=reverse("experiment", args=[task.uid]),
        project=task.project.name,
        project_href=reverse("project-experiments", args=[task.project.uid]),
        by=str(entry.by) if entry.by else "",
        since=moment(entry.added),
        may_edit=waiting.may_edit,
    )


def _listener(state: WorkerState, now: datetime) -> Listener:
    since = state.worker.task_since
    return Listener(
        name=state.worker.name,
        busy=state.busy,
        running=state.task.name if state.task else "",
        href=reverse("experiment", args=[state.task.uid]) if state.task else "",
        time=duration_text(int((now - since).total_seconds())) if state.task and since else "",
    )
