"""Asking a worker to stop, and what becomes of it when the worker does not answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.status import change_status
from experiments.operations.stopping import ANSWERED, stop_task
from experiments.operations.workers import note_report
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def by() -> Actor:
    return actor(make_user())


@pytest.fixture
def task(by: Actor) -> Task:
    """Taken by a worker at NOW."""
    task = make_task(make_project(owner=by.user))
    started = change_status(
        task=task, to=Status.IN_PROGRESS, message="pulled by agent", by=by, now=NOW
    )
    note_report(name="w", task=task, by=by, now=NOW)
    return started


def said(task: Task) -> tuple[str, str, str]:
    task.refresh_from_db()
    return task.status, task.status_message, task.status_reason


def test_a_worker_that_still_starts_it_does_not_forget(task: Task, by: Actor) -> None:
    """Agents say three times that they start, each time with a message of their own."""
    stop_task(task=task, reason="wrong data", by=by, now=NOW + SECOND)
    again = change_status(
        task=task,
        to=Status.IN_PROGRESS,
        reason="worker starting task execution",
        message="launch by agent",
        force=True,
        by=by,
        now=NOW + 2 * SECOND,
    )
    assert said(task) == ("in_progress", "stopping", "wrong data")
    assert again.status_changed == NOW + SECOND
    assert again.last_update == NOW + 2 * SECOND


def test_a_start_has_its_own_message(task: Task, by: Actor) -> None:
    for status, message in [(Status.STOPPED, "stopping"), (Status.IN_PROGRESS, "continued")]:
        change_status(task=task, to=status, message=message, by=by, now=NOW + SECOND)
    assert said(task) == ("in_progress", "continued", "")
    assert task.status_changed == NOW + SECOND


def test_who_asks_again_need_not_wait(task: Task, by: Actor) -> None:
    stop_task(task=task, reason="wrong data", by=by, now=NOW)
    stop_task(task=task, reason="now!", by=by, now=NOW + ANSWERED - SECOND)
    assert said(task) == ("in_progress", "stopping", "wrong data"), "asked already"
    stop_task(task=task, reason="now!", by=by, now=NOW + ANSWERED)
    assert said(task) == ("stopped", "", "now!")
