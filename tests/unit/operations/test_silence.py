"""Runs whose worker cannot say any more how they ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from experiments.models import Project, Task, Worker
from experiments.operations.silence import ABANDONED, MINUTE, SILENT
from experiments.operations.status import change_status
from experiments.operations.stopping import stop_task
from experiments.operations.tasks import ping_task
from experiments.operations.workers import note_report, register_worker, unregister_worker
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project(owner=make_user())


def run_by(worker: str, project: Project, **fields: Any) -> Task:
    """A task that the worker took at NOW."""
    task = make_task(project, **fields)
    by = actor(project.owner)
    register_worker(name=worker, by=by, now=NOW)
    change_status(task=task, to=Status.IN_PROGRESS, by=by, now=NOW)
    note_report(name=worker, task=task, by=by, now=NOW)
    return task


def report(worker: str, project: Project, now: datetime, task: Task | None = None) -> Worker:
    return note_report(name=worker, task=task, by=actor(project.owner), now=now)


def found(task: Task) -> tuple[str, str]:
    task.refresh_from_db()
    return task.status, task.status_reason


def listen(project: Project, minutes: int, *, until: datetime) -> None:
    """Another worker reports every minute."""
    for minute in range(minutes, -1, -1):
        report("other", project, until - minute * MINUTE)


def test_a_worker_started_anew_left_its_task_behind(project: Project) -> None:
    task = run_by("w", project)
    register_worker(name="w", by=actor(project.owner), now=NOW + MINUTE)
    report("w", project, NOW + ABANDONED)
    assert found(task) == ("in_progress", ""), "not yet: its script may still report"
    report("w", project, NOW + ABANDONED + MINUTE)
    reason = "Worker w left this behind and did not say how it ended."
    assert found(task) == ("failed", reason)
    assert task.completed == NOW + ABANDONED + MINUTE


def test_its_script_may_live_on(project: Project) -> None:
    task = run_by("w", project)
    register_worker(name="w", by=actor(project.owner), now=NOW + MINUTE)
    ping_task(task=task, now=NOW + 10 * MINUTE)
    report("w", project, NOW + 19 * MINUTE)
    assert found(task)[0] == "in_progress"
    report("w", project, NOW + 21 * MINUTE)
    assert found(task)[0] == "failed"


def test_another_worker_notices(project: Project) -> None:
    task = run_by("w", project)
    following = make_task(project)
    report("w", project, NOW + MINUTE, following)
    report("w", project, NOW + ABANDONED, following)
    report("other", project, NOW + ABANDONED + MINUTE)
    assert found(task)[0] == "failed"


def test_a_worker_that_is_gone(project: Project) -> None:
    task = run_by("w", project)
    listen(project, 119, until=NOW + SILENT)
    assert found(task)[0] == "in_progress"
    report("other", project, NOW + SILENT + MINUTE)
    reason = "Nothing was heard for two hours of worker w, which ran this."
    assert found(task) == ("failed", reason)


def test_after_a_server_was_down_nobody_is_silent(project: Project) -> None:
    task = run_by("w", project)
    report("other", project, NOW + MINUTE)
    listen(project, 60, until=NOW + 2 * SILENT)
    assert found(task)[0] == "in_progress"
    report("w", project, NOW + 2 * SILENT + MINUTE, task)
    listen(project, 5, until=NOW + 2 * SILENT + 7 * MINUTE)
    assert found(task)[0] == "in_progress"


def test_what_was_started_by_hand_is_left_alone(project: Project) -> None:
    task = run_by("w", project, system_tags=["development"])
    report("w", project, NOW + MINUTE)
    listen(project, 125, until=NOW + SILENT + 10 * MINUTE)
    report("w", project, NOW + SILENT + 11 * MINUTE)
    assert found(task)[0] == "in_progress"


def test_what_has_ended_keeps_its_end(project: Project) -> None:
    task = run_by("w", project)
    by = actor(project.owner)
    change_status(task=task, to=Status.COMPLETED, reason="done", by=by, now=NOW)
    register_worker(name="w", by=by, now=NOW + MINUTE)
    report("w", project, NOW + 2 * ABANDONED)
    assert found(task) == ("completed", "done")


def test_a_worker_that_runs_it_no_longer_is_not_asked_to_stop_it(project: Project) -> None:
    by = actor(project.owner)
    for leave in (register_worker, unregister_worker):
        task = run_by("w", project)
        asked = stop_task(task=task, by=by, now=NOW)
        assert (asked.status, asked.status_message) == ("in_progress", "stopping")
        leave(name="w", by=by, now=NOW + timedelta(seconds=10))
        stopped = stop_task(task=task, by=by, now=NOW + timedelta(seconds=11))
        assert stopped.status == "stopped"
