"""Transitions in the database: one winner each, times and outputs right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from experiments.errors import InvalidTaskStatus, StatusChangedMeanwhile
from experiments.models import HistoryEntry, IndexedText, MetricSummary, Task, Via
from experiments.operations.events import add_events
from experiments.operations.status import change_status, reset_task
from experiments.operations.tasks import create_task
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_task

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def by(alice):
    return actor(alice)


def test_started_is_set_once(project, by):
    task = change_status(task=make_task(project), to=Status.IN_PROGRESS, by=by, now=NOW)
    again = change_status(task=task, to=Status.IN_PROGRESS, by=by, now=LATER)
    assert (again.started, again.status_changed) == (NOW, LATER)


@pytest.mark.parametrize("to", [Status.STOPPED, Status.COMPLETED, Status.FAILED])
def test_the_end_is_noted_with_its_reason(project, by, to):
    task = change_status(task=make_task(project), to=Status.IN_PROGRESS, by=by, now=NOW)
    ended = change_status(task=task, to=to, reason="because", message="so", by=by, now=LATER)
    assert (ended.completed, ended.status_reason, ended.status_message) == (LATER, "because", "so")
    assert ended.active_seconds == 300


def test_a_refusal_changes_nothing(project, by):
    task = make_task(project)
    with pytest.raises(InvalidTaskStatus, match="is Draft and cannot become Completed"):
        change_status(task=task, to=Status.COMPLETED, by=by)
    assert Task.objects.get(pk=task.pk).status == Status.CREATED


def test_it_says_when_somebody_was_quicker(project, by):
    task = make_task(project)
    change_status(task=task, to=Status.IN_PROGRESS, by=by)
    change_status(task=Task.objects.get(pk=task.pk), to=Status.COMPLETED, by=by)
    with pytest.raises(StatusChangedMeanwhile, match="is Completed and cannot become Pending"):
        change_status(task=task, to=Status.QUEUED, by=by)


def test_force_allows_every_transition(project, by):
    task = change_status(task=make_task(project), to=Status.PUBLISHED, force=True, by=by)
    assert change_status(task=task, to=Status.CREATED, force=True, by=by).status == Status.CREATED


def test_a_queued_task_is_no_longer_one_in_development(project, by):
    task = create_task(project=project, name="queued", system_tags=["development", "x"], by=by)
    change_status(task=task, to=Status.QUEUED, by=by)
    task.refresh_from_db()
    assert task.system_tags == ["x"]
    assert list(IndexedText.objects.values_list("value", flat=True)) == ["x"]


def test_only_what_people_do_is_history(project, alice, by):
    task = change_status(task=make_task(project), to=Status.IN_PROGRESS, by=by)
    assert not HistoryEntry.objects.exists()
    change_status(task=task, to=Status.STOPPED, by=actor(alice, via=Via.BROWSER))
    entry = HistoryEntry.objects.get()
    assert (entry.what, entry.old, entry.new, entry.by) == ("status", "Running", "Aborted", alice)


def test_reset_removes_outputs_and_keeps_the_configuration(project, by):
    task = make_task(
        project,
        parameters={"Args/lr": "0.1", "properties/owner": "amy"},
        execution={"artifacts": [{"key": "in", "mode": "input"}, {"key": "out", "mode": "output"}]},
    )
    task = change_status(task=task, to=Status.IN_PROGRESS, by=by)
    add_events(
        by=by,
        user_tasks={task.uid: task},
        events=[
            {
                "type": "training_stats_scalar",
                "task": task.uid,
                "iter": 3,
                "metric": "loss",
                "variant": "v",
                "value": 0.5,
            },
            {"type": "log", "task": task.uid, "msg": "hello", "timestamp": 1},
        ],
    )
    task = change_status(task=task, to=Status.COMPLETED, by=by)
    found = reset_task(task=task, by=by)
    assert (found.status, found.started, found.completed, found.last_iteration) == (
        Status.CREATED,
        None,
        None,
        0,
    )
    assert found.hyperparams["Args"]["lr"].value == "0.1"
    assert [artifact["key"] for artifact in found.execution["artifacts"]] == ["in"]
    assert not MetricSummary.objects.exists()


def test_a_published_task_is_not_reset(project, by):
    task = change_status(task=make_task(project), to=Status.PUBLISHED, force=True, by=by)
    with pytest.raises(InvalidTaskStatus):
        reset_task(task=task, by=by)
