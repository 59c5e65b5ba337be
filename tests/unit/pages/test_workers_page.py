"""Workers as a page: who is there, what they run, and what they reported."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import Project, User, Worker, WorkerSample
from experiments.operations.queueing import delete_queue
from experiments.operations.queues import create_queue
from experiments.operations.workers import note_report, register_worker, unregister_worker
from experiments.queries.workers import workers_over_time
from tests.factories import actor, make_task
from tests.unit.pages.queueing import HTMX, asked_again

STATS = {
    "cpu_usage": [10.0, 30.0],
    "memory_used": 2048,
    "gpu_usage": [90.0, 70.0],
    "network_rx": 1.5,
    "of its own": 7,
    "broken": "text",
}


def page_of(client: Client, address: str = "/workers/", **more: Any) -> str:
    return client.get(address, **more).content.decode()


def row_of(page: str, name: str) -> str:
    rows = re.findall(r"<li id=\"worker-.*?</li>", page, re.DOTALL)
    [found] = [row for row in rows if f'data-worker="{name}"' in row]
    return found


@pytest.fixture
def worker(alice: User, project: Project) -> Worker:
    """It listens to a queue and has run something for an hour."""
    by, now = actor(alice), datetime.now(UTC)
    queue = create_queue(name="gpu", by=by)
    register_worker(name="node:gpu0", queues=[queue.uid], tags=["a100"], address="10.1", by=by)
    task = make_task(project, name="at work")
    for minutes in (62, 61, 60, 2, 1, 0):
        note_report(
            name="node:gpu0", task=task, stats=STATS, by=by, now=now - timedelta(minutes=minutes)
        )
    return Worker.objects.get()


class TestList:
    def test_it_says_what_runs_where(
        self, alice_client: Client, worker: Worker, project: Project
    ) -> None:
        row = row_of(page_of(alice_client), "node:gpu0")
        assert "at work" in row
        assert "1h 2m" in row
        assert project.name in row
        assert ">gpu<" in row
        assert "a100" in row
        assert "10.1" in row
        assert "just now" in row
        assert "CPU in the last hour, now 20 %" in row

    def test_who_may_not_see_the_experiment_sees_that_it_is_busy(
        self, charlie_client: Client, worker: Worker
    ) -> None:
        row = row_of(page_of(charlie_client), "node:gpu0")
        assert "an experiment you may not see" in row
        assert "at work" not in row
        assert "vision" not in row

    def test_a_silent_one_is_gone_and_kept_for_a_day(
        self, alice_client: Client, worker: Worker
    ) -> None:
        silent = datetime.now(UTC) - timedelta(seconds=worker.timeout + 5)
        Worker.objects.update(last_report=silent)
        row = row_of(page_of(alice_client), "node:gpu0")
        assert 'class="gone"' in row
        assert "silent since" in row
        assert "at work" not in row
        Worker.objects.update(last_report=datetime.now(UTC) - timedelta(hours=25))
        assert "No workers" in page_of(alice_client)

    def test_one_that_said_goodbye_is_gone(self, alice_client: Client, worker: Worker) -> None:
        unregister_worker(name=worker.name, by=actor(worker.user))
        assert "said goodbye" in row_of(page_of(alice_client), "node:gpu0")
        register_worker(name=worker.name, by=actor(worker.user))
        assert 'class="idle"' in row_of(page_of(alice_client), "node:gpu0")

    def test_a_queue_that_was_deleted_is_said(self, alice_client: Client, worker: Worker) -> None:
        from experiments.queries.queues import queue_for

        delete_queue(queue=queue_for("gpu"), by=actor(worker.user))
        assert "listens only to what was deleted" in row_of(page_of(alice_client), "node:gpu0")

    def test_without_workers_it_says_how_to_start_one(self, alice_client: Client) -> None:
        page = page_of(alice_client)
        assert "No workers" in page
        assert "clearml-agent daemon --queue NAME" in page

    def test_it_is_not_sent_again_while_nothing_changes(
        self, alice_client: Client, worker: Worker
    ) -> None:
        address, answers = asked_again(alice_client, "/workers/", "workers")
        assert 204 in answers
        note_report(name="another", by=actor(worker.user))
        answer = alice_client.get(address, headers=HTMX)
        assert answer.status_code == 200
        assert b"<!doctype" not in answer.content

    def test_queries_do_not_grow_with_workers(
        self, alice_client: Client, alice: User, project: Project
    ) -> None:
        counts = []
        for number in range(5):
            task = make_task(project)
            note_report(name=f"worker {number}", task=task, stats=STATS, by=actor(alice))
            with CaptureQueriesContext(connection) as queries:
                alice_client.get("/workers/")
            counts.append(len(queries))
        assert counts[1] == counts[-1]


class TestLoad:
    def test_without_javascript_the_address_opens_one(
        self, alice_client: Client, worker: Worker
    ) -> None:
        assert "?worker=node%3Agpu0" in page_of(alice_client)
        page = page_of(alice_client, "/workers/?worker=node%3Agpu0")
        assert '" open>' in row_of(page, "node:gpu0") or "open>" in row_of(page, "node:gpu0")
        for title in ("CPU, %", "Memory, GB", "GPU, %", "Network, MB/s", "of its own"):
            assert f"<bdi>{title}</bdi>" in page
        assert "broken" not in page

    @pytest.mark.parametrize("name", ["", "x", "%00", "node:gpu1"])
    def test_an_address_that_names_nobody_opens_none(
        self, alice_client: Client, worker: Worker, name: str
    ) -> None:
        answer = alice_client.get(f"/workers/?worker={name}")
        assert answer.status_code == 200
        assert "CPU, %" not in answer.content.decode()

    def test_charts_are_loaded_when_they_are_wanted(
        self, alice_client: Client, worker: Worker
    ) -> None:
        page = page_of(alice_client, f"/workers/{worker.pk}/charts/")
        assert "<!doctype" not in page
        assert '<bdi>CPU 1</bdi> <span class="number">30</span>' in page
        assert '<bdi>used</bdi> <span class="number">2</span>' in page

    @pytest.mark.parametrize("key", ["", "x", "-1", "0", "9999999999999999999999", "%00"])
    def test_of_nobody_there_are_none(self, alice_client: Client, worker: Worker, key: str) -> None:
        assert alice_client.get(f"/workers/{key}/charts/").status_code == 404

    def test_one_that_reports_no_load(self, alice_client: Client, alice: User) -> None:
        worker = register_worker(name="quiet", by=actor(alice))
        page = page_of(alice_client, f"/workers/{worker.pk}/charts/")
        assert "has not reported any load" in page

    def test_what_cannot_be_drawn_is_left_out(self, alice_client: Client, alice: User) -> None:
        note_report(name="odd", by=actor(alice))
        WorkerSample.objects.update(
            stats={"cpu_usage": [1e308, -1e308], "x": {"y": 1}, "z": [True, None, "a"], "w": []}
        )
        worker = Worker.objects.get()
        assert alice_client.get(f"/workers/{worker.pk}/charts/").status_code == 200
        assert alice_client.get("/workers/").status_code == 200


class TestActivity:
    def test_workers_are_counted_by_interval(self, alice: User) -> None:
        by, start = actor(alice), datetime(2026, 1, 1, tzinfo=UTC)
        for name, minutes in (("a", 0), ("a", 10), ("b", 20), ("b", 40)):
            note_report(name=name, by=by, now=start + timedelta(minutes=minutes))
        WorkerSample.objects.filter(worker__name="a").update(busy=True)
        found = workers_over_time(since=start, until=start + timedelta(hours=1), seconds=1800)
        at = int(start.timestamp())
        assert found == {at: (2, 1), at + 1800: (1, 0)}

    def test_the_page_draws_them(self, alice_client: Client, worker: Worker) -> None:
        page = page_of(alice_client)
        assert "Workers: 2 lines, the last 24 hours" in page
        assert "ran something" in page

    def test_those_that_said_goodbye_count(self, alice_client: Client, worker: Worker) -> None:
        unregister_worker(name=worker.name, by=actor(worker.user))
        assert "Workers: 2 lines" in page_of(alice_client)
