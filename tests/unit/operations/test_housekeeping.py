"""What a start clears away, and what it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from experiments.models import (
    ClientRead,
    DocumentRevision,
    QueueSample,
    SignInLink,
    Via,
    Worker,
    WorkerSample,
)
from experiments.operations.accounts import make_sign_in_link
from experiments.operations.housekeeping import KEPT, clear_leftovers
from experiments.operations.queueing import enqueue_task
from experiments.operations.queues import create_queue
from experiments.operations.workers import note_report, register_worker
from tests.factories import NOW, actor, make_project, make_task
from tests.one_value import set_value


@pytest.fixture
def task(project, alice):
    """A script wrote it, a person changed it, and the script has not been heard of since."""
    task = make_task(project, parameters={"Args/lr": "1"})
    task.document_client = "script"
    task.save(update_fields=["document_client"])
    by = actor(alice, via=Via.BROWSER)
    set_value(task=task, section="Args", name="lr", value="2", seen="1", by=by, now=NOW)
    return task


def test_what_a_script_read_is_kept_for_a_month(task):
    clear_leftovers(now=NOW + KEPT)
    assert ClientRead.objects.count() == DocumentRevision.objects.count() == 1
    clear_leftovers(now=NOW + KEPT + timedelta(seconds=1))
    assert ClientRead.objects.count() == DocumentRevision.objects.count() == 0


def test_old_links_go(alice):
    make_sign_in_link(user=alice, now=NOW)
    clear_leftovers(now=NOW + timedelta(days=1))
    assert SignInLink.objects.count() == 1
    clear_leftovers(now=NOW + timedelta(days=99))
    assert SignInLink.objects.count() == 0


def test_samples_are_kept_for_a_month_and_so_are_silent_workers(alice):
    by, long_ago = actor(alice), NOW - timedelta(days=40)
    queue = create_queue(name="gpu", by=by, now=long_ago)
    task = make_task(make_project(owner=alice))
    enqueue_task(task=task, queue=queue, by=by, now=long_ago)
    for name, at in (("silent", long_ago), ("busy", long_ago), ("busy", NOW)):
        note_report(name=name, stats={"cpu_usage": [1.0]}, by=by, now=at)
    assert WorkerSample.objects.filter(worker__name="busy").count() == 1, "cleared as it wrote"
    clear_leftovers(now=NOW)
    assert [worker.name for worker in Worker.objects.all()] == ["busy"]
    assert WorkerSample.objects.count() == 1
    assert QueueSample.objects.count() == 0
    assert queue.entries.count() == 1


def test_a_new_worker_makes_room_by_those_that_are_long_gone(alice):
    for day, name in ((0, "first"), (20, "second"), (31, "third")):
        register_worker(name=name, by=actor(alice), now=NOW + timedelta(days=day))
    assert {worker.name for worker in Worker.objects.all()} == {"second", "third"}
