"""Several processes report to one task: the script, its monitor, the agent."""

from __future__ import annotations

import pytest

from experiments.models import IndexedNumber, MetricSummary, Task
from experiments.operations.indexing import task_entries
from experiments.operations.status import reset_task
from experiments.queries.events import log_count, scalar_series
from tests.factories import actor, make_project, make_task, make_user
from tests.racing import THREADS, at_once, fresh_keys  # noqa: F401
from tests.reporting import line, report, scalar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tasks() -> list[Task]:
    project = make_project(owner=make_user())
    return [make_task(project) for _ in range(3)]


def indexed(task: Task) -> set[tuple[int, float]]:
    rows = IndexedNumber.objects.filter(project=task.project_id, task=task.id)
    return set(rows.values_list("key", "value"))


def test_no_point_and_no_line_is_lost(tasks) -> None:
    task, rounds = tasks[0], 15

    def work(number: int) -> None:
        for i in range(rounds):
            at = number * rounds + i
            events = [scalar(task, at, float(at), name) for name in ("a/x", f"b/{number}")]
            report(*events, line(task, f"{at}", at), tasks=[task])

    at_once(work)
    everything = range(THREADS * rounds)
    series = scalar_series(task)
    assert [point[0] for point in series["a", "x"]] == list(everything)
    assert all(len(series["b", f"{number}"]) == rounds for number in range(THREADS))
    assert log_count(task) == len(everything)
    summary = MetricSummary.objects.get(task=task, key__section="a")
    assert (summary.count, summary.min_value, summary.max_value) == (
        len(everything),
        0.0,
        float(everything[-1]),
    )
    assert summary.mean_value == pytest.approx(sum(everything) / len(everything))
    task.refresh_from_db()
    assert task.last_iteration == everything[-1]
    assert indexed(task) == task_entries(task)


def test_batches_over_the_same_tasks_and_new_metrics_do_not_block_each_other(tasks) -> None:
    def work(number: int) -> None:
        order = tasks[:: -1 if number % 2 else 1]
        for i in range(10):
            names = [f"m{i}/v{v}" for v in range(5)][:: -1 if number % 2 else 1]
            events = [scalar(task, number, 1.0, name) for task in order for name in names]
            report(*events, tasks=order)

    at_once(work)
    for task in tasks:
        assert [len(points) for points in scalar_series(task).values()] == [THREADS] * 50
        assert indexed(task) == task_entries(task)


def test_batches_that_make_the_same_metrics_do_not_deadlock(tasks) -> None:
    pairs = [[make_task(tasks[0].project) for _ in range(2)] for _ in range(THREADS)]

    def work(number: int) -> None:
        for i in range(20):
            halves = [[f"m{i}/v{v}" for v in half] for half in (range(20), range(20, 40))]
            named = zip(pairs[number], halves[:: -1 if number % 2 else 1], strict=True)
            report(
                *(scalar(task, 0, 1.0, name) for task, names in named for name in names),
                tasks=pairs[number],
            )

    at_once(work)
    for pair in pairs:
        assert [len(scalar_series(task)) for task in pair] == [400, 400]


def test_one_batch_sent_by_all_is_added_once(tasks) -> None:
    batch = [scalar(tasks[0], i, i) for i in range(20)] + [line(tasks[0], "hello")]
    added = at_once(lambda number: report(*batch, tasks=[tasks[0]]).added)
    assert added == [21] * THREADS
    assert MetricSummary.objects.get().count == 20
    assert log_count(tasks[0]) == 1


def test_a_reset_leaves_nothing_half_behind(tasks) -> None:
    task = tasks[0]

    def work(number: int) -> None:
        for i in range(10):
            if number:
                report(scalar(task, 10 * number + i, 1.0), tasks=[task])
            else:
                reset_task(task=task, force=True, by=actor(task.user))

    at_once(work)
    points = scalar_series(task).get(("loss", "train"), [])
    summaries = MetricSummary.objects.filter(task=task)
    assert [summary.count for summary in summaries] == ([len(points)] if points else [])
    assert indexed(task) == task_entries(task)
