"""Workers by the protocol: registered, reporting, gone; and what they report over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from experiments.models import Project, Task, Worker, WorkerSample
from tests.factories import make_task
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db

STATS = {"cpu_usage": [10.0, 30.0], "memory_used": 512, "gpu_usage": [], "disk": None}


@pytest.fixture
def queue(api: ProtocolClient) -> str:
    return api.data("queues.create", {"name": "gpu"})["id"]


def workers(api: ProtocolClient, **asked: Any) -> list[dict[str, Any]]:
    return api.data("workers.get_all", asked)["workers"]


def test_a_worker_registers_and_leaves_twice(api: ProtocolClient, queue: str) -> None:
    body = {"worker": "host:gpu0", "queues": [queue], "timeout": 600, "tags": ["fast"]}
    api.data("workers.register", body)
    [found] = workers(api)
    assert (found["id"], found["tags"], found["task"]) == ("host:gpu0", ["fast"], None)
    assert found["queues"] == [{"id": queue, "name": "gpu", "num_tasks": 0, "next_task": None}]
    assert api.data("workers.get_count") == {"count": 1}
    for _ in range(2):
        assert api.data("workers.unregister", {"worker": "host:gpu0", "queues": [queue]}) == {}
    assert workers(api) == []


def test_a_report_registers_and_keeps_the_task_alive(
    api: ProtocolClient, project: Project, queue: str
) -> None:
    task = make_task(project)
    api.data("tasks.started", {"task": task.uid})
    api.data(
        "workers.status_report",
        {"worker": "w", "task": task.uid, "queue": queue, "machine_stats": None, "tags": None,
         "timestamp": 1, "is_daemon": True},
    )  # fmt: skip
    [found] = workers(api)
    assert found["task"]["id"] == task.uid
    assert found["queue"] == {"id": queue, "name": "gpu"}
    kept = Task.objects.get(pk=task.pk)
    assert kept.last_worker == "w"
    assert kept.last_worker_report is not None
    api.data("workers.status_report", {"worker": "w"})
    assert workers(api)[0]["task"] is None


def test_others_do_not_see_what_it_runs(
    api: ProtocolClient, charlie_api: ProtocolClient, project: Project
) -> None:
    task = make_task(project)
    api.data("workers.status_report", {"worker": "w", "task": task.uid})
    assert workers(charlie_api)[0]["task"] is None
    assert charlie_api.refused("workers.status_report", {"worker": "x", "task": task.uid}) == (
        400,
        101,
    )


def test_one_that_is_silent_is_gone(api: ProtocolClient) -> None:
    api.data("workers.register", {"worker": "w", "timeout": 60})
    Worker.objects.update(last_report=datetime.now(UTC) - timedelta(seconds=120))
    assert [each["id"] for each in workers(api, last_seen=3600)] == ["w"]
    assert workers(api, last_seen=100) == []
    assert workers(api, last_seen=0) == [], "its own time-out"


def test_a_watched_queue(api: ProtocolClient, project: Project, queue: str) -> None:
    body = {"task": make_task(project).uid, "queue": queue, "verify_watched_queue": True}
    assert api.data("tasks.enqueue", body)["queue_watched"] is False
    api.data("workers.register", {"worker": "w", "queues": [queue]})
    assert api.data("tasks.enqueue", body)["queue_watched"] is True


def test_what_machines_report(api: ProtocolClient) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    api.data("workers.status_report", {"worker": "w", "machine_stats": STATS})
    WorkerSample.objects.update(minute=start)
    worker = Worker.objects.get()
    WorkerSample.objects.create(
        worker=worker, minute=start + timedelta(minutes=1), busy=True, stats={"cpu_usage": [50.0]}
    )
    span = {"from_date": start.timestamp(), "to_date": start.timestamp() + 600, "interval": 300}
    assert api.data("workers.get_metric_keys") == {
        "categories": [
            {"name": "cpu", "metric_keys": ["cpu_usage"]},
            {"name": "memory", "metric_keys": ["memory_used"]},
        ]
    }
    items = [{"key": "cpu_usage"}, {"key": "cpu_usage", "category": "max"}, {"key": "memory_used"}]
    [found] = api.data("workers.get_stats", {**span, "items": items})["workers"]
    at = int(start.timestamp())
    assert found == {
        "worker": "w",
        "metrics": [
            {
                "metric": "cpu_usage",
                "dates": [at],
                "stats": [
                    {"aggregation": "avg", "values": [30.0]},
                    {"aggregation": "max", "values": [50.0]},
                ],
            },
            {
                "metric": "memory_used",
                "dates": [at],
                "stats": [{"aggregation": "avg", "values": [512.0]}],
            },
        ],
    }
    split = {**span, "items": items[:1], "split_by_variant": True}
    [found] = api.data("workers.get_stats", split)["workers"]
    assert [metric["variant"] for metric in found["metrics"]] == ["0", "1"]
    report = api.data("workers.get_activity_report", {**span, "interval": 60})
    assert report == {
        "total": {"dates": [at, at + 60], "counts": [1, 1]},
        "active": {"dates": [at + 60], "counts": [1]},
    }
    unknown = {**span, "items": [{"key": "cpu_usage", "category": "sum"}]}
    assert api.refused("workers.get_stats", unknown) == (400, 12)


@pytest.mark.parametrize(
    ("status", "tags", "worker", "force", "becomes"),
    [
        ("in_progress", [], "w", False, "in_progress"),
        ("in_progress", [], "w", True, "stopped"),
        ("in_progress", ["development"], "w", False, "stopped"),
        ("in_progress", [], "", False, "stopped"),
        ("queued", [], "", False, "stopped"),
    ],
)
def test_a_worker_is_asked_to_stop(
    api: ProtocolClient,
    project: Project,
    status: str,
    tags: list[str],
    worker: str,
    force: bool,
    becomes: str,
) -> None:
    task = make_task(project, system_tags=tags)
    Task.objects.filter(pk=task.pk).update(status=status)
    if worker:
        api.data("workers.status_report", {"worker": worker, "task": task.uid})
    reply = api.data("tasks.stop", {"task": task.uid, "force": force})
    found = Task.objects.get(pk=task.pk)
    assert found.status == becomes == reply["fields"]["status"]
    assert (found.status_message == "stopping") is (becomes == "in_progress")


def test_a_worker_that_fell_silent_is_not_waited_for(api: ProtocolClient, project: Project) -> None:
    task = make_task(project)
    api.data("tasks.started", {"task": task.uid})
    api.data("workers.status_report", {"worker": "w", "task": task.uid})
    long_ago = datetime.now(UTC) - timedelta(minutes=11)
    Task.objects.filter(pk=task.pk).update(last_worker_report=long_ago)
    api.data("tasks.stop", {"task": task.uid})
    assert Task.objects.get(pk=task.pk).status == "stopped"
