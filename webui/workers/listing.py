"""Workers as their page lists them: what they run, where they listen, how busy they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse

from experiments.models import User, Worker, WorkerSample
from experiments.queries.queues import queues
from experiments.queries.workers import WorkerState, worker_samples, worker_states
from experiments.rules.activity import numbers_in
from webui.charts.sparks import Spark, spark
from webui.pages.frame import Moment, moment
from webui.polling import digest_of
from webui.tables.cells import duration_text

KEPT = timedelta(days=1)
SPARK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Running:
    name: str
    href: str
    project: str
    project_href: str


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """`running` is empty too when what it runs may not be seen; `busy` says that it does.

    `deleted` is how many of the queues it listens to are gone.
    """

    key: str
    name: str
    there: bool
    left: bool
    busy: bool
    running: Running | None
    time: str
    queues: list[tuple[str, str]]
    deleted: str
    seen: Moment | None
    address: str
    tags: list[str]
    spark: Spark | None


def worker_rows(user: User, now: datetime) -> list[WorkerRow]:
    """Those that are there, and those that were within a day."""
    states = worker_states(user, since=now - KEPT, now=now)
    known = {queue.uid: queue.name for queue in queues()}
    there = [state.worker.name for state in states if state.there]
    samples = _by_worker(worker_samples(since=now - SPARK, until=now, names=there))
    return [_row(state, known, samples.get(state.worker.pk, []), now) for state in states]


def digest(rows: Iterable[WorkerRow], now: datetime) -> str:
    return digest_of(now, [replace(row, seen=None, time="") for row in rows])


def _row(
    state: WorkerState, known: dict[str, str], samples: list[WorkerSample], now: datetime
) -> WorkerRow:
    worker = state.worker
    listens = [(known[uid], reverse("queue", args=[uid])) for uid in worker.queues if uid in known]
    gone = len(worker.queues) - len(listens)
    return WorkerRow(
        key=str(worker.pk),
        name=worker.name,
        there=state.there,
        left=worker.left is not None,
        busy=state.busy,
        running=_running(state),
        time=_time(worker, now) if state.busy else "",
        queues=listens,
        deleted=f"{gone:,}" if gone else "",
        seen=moment(worker.last_report),
        address=worker.address,
        tags=worker.tags,
        spark=_spark(samples, now),
    )


def _running(state: WorkerState) -> Running | None:
    task = state.task
    if task is None:
        return None
    return Running(
        name=task.name,
        href=reverse("experiment", args=[task.uid]),
        project=task.project.name,
        project_href=reverse("project-experiments", args=[task.project.uid]),
    )


def _time(worker: Worker, now: datetime) -> str:
    since = worker.task_since
    return duration_text(max(0, int((now - since).total_seconds()))) if since else ""


def _by_worker(samples: list[WorkerSample]) -> dict[int, list[WorkerSample]]:
    found: dict[int, list[WorkerSample]] = {}
    for sample in samples:
        found.setdefault(sample.worker_id, []).append(sample)
    return found


def _spark(samples: list[WorkerSample], now: datetime) -> Spark | None:
    """Its processor in the last hour, the mean over all cores."""
    points = []
    for sample in samples:
        cores = [value for _, _, value in numbers_in(sample.stats, "cpu_usage")]
        if cores:
            points.append((sample.minute.timestamp(), sum(cores) / len(cores)))
    end = now.replace(second=0, microsecond=0).timestamp()
    return spark(points, x=(end - SPARK.total_seconds(), end), y=(0, 100))
