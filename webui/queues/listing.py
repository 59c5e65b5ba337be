"""The list of queues: how many wait, for how long, and who listens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from experiments.models import User
from experiments.queries.queues import QueueState, queue_states, queues
from experiments.queries.workers import WorkerState, worker_states
from webui.pages.frame import Moment, moment
from webui.polling import digest_of

NAMED = 3


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`workers` are the first few that listen, `more` how many others do."""

    uid: str
    name: str
    href: str
    waiting: str
    since: Moment | None
    active: Moment | None
    listening: str
    workers: list[str]
    more: str


def queue_rows(user: User, now: datetime) -> list[QueueRow]:
    states = worker_states(user, since=now, now=now)
    return [_row(state, listeners(states, state.queue.uid)) for state in queue_states(queues())]


def digest(rows: Iterable[QueueRow], now: datetime) -> str:
    return digest_of(now, [replace(row, since=None, active=None) for row in rows])


def listeners(states: Iterable[WorkerState], uid: str) -> list[WorkerState]:
    """The workers that are there and take from a queue."""
    return [state for state in states if state.there and uid in state.worker.queues]


def _row(state: QueueState, workers: list[WorkerState]) -> QueueRow:
    queue = state.queue
    return QueueRow(
        uid=queue.uid,
        name=queue.name,
        href=reverse("queue", args=[queue.uid]),
        waiting=f"{state.waiting:,}",
        since=moment(state.since) if state.since else None,
        active=moment(state.active),
        listening=f"{len(workers):,}",
        workers=[each.worker.name for each in workers[:NAMED]],
        more=f"{len(workers) - NAMED:,}" if len(workers) > NAMED else "",
    )
