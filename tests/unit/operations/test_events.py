from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.errors import EventsNotAdded
from experiments.models import (
    IndexedNumber,
    Key,
    LogBlock,
    MetricSummary,
    ReportedEvent,
    SeriesBlock,
    Source,
    Task,
)
from experiments.operations.events import add_events
from experiments.operations.indexing import task_entries
from experiments.queries.events import log_lines, plots, scalar_series, single_values
from experiments.rules.metrics import MAX_SERIES
from experiments.rules.series import BLOCK_POINTS
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task
from tests.reporting import START, image, line, plot, report, scalar

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(project):
    return make_task(project)


def series_of(task: Task, name: str = "loss/train") -> list[tuple[int, float]]:
    metric, _, variant = name.partition("/")
    return [(i, value) for i, _, value in scalar_series(task)[metric, variant]]


def summary_of(task: Task) -> MetricSummary:
    return MetricSummary.objects.get(task=task)


def become(task: Task, status: Status) -> None:
    Task.objects.filter(id=task.id).update(status=status)


def indexed(task: Task) -> set[tuple[int, float]]:
    rows = IndexedNumber.objects.filter(project=task.project_id, task=task.id)
    return set(rows.values_list("key", "value"))


def test_scalars_become_a_series_a_summary_and_an_index(task) -> None:
    added = report(*(scalar(task, i, 1.0 / (i + 1)) for i in range(4)), tasks=[task])
    assert (added.added, added.errors, added.errors_info) == (4, 0, {})
    assert series_of(task) == [(i, 1.0 / (i + 1)) for i in range(4)]
    summary = summary_of(task)
    assert (summary.value, summary.value_iteration, summary.count) == (0.25, 3, 4)
    assert (summary.min_value_iteration, summary.max_value_iteration) == (3, 0)
    sources = dict(Key.objects.values_list("id", "source"))
    assert {(sources[key], value) for key, value in indexed(task)} == {
        (Source.LAST, 0.25),
        (Source.MIN, 0.25),
        (Source.MAX, 1.0),
    }


def test_small_batches_grow_one_block_until_it_is_full(task) -> None:
    report(*(scalar(task, i, i) for i in range(BLOCK_POINTS - 2)), tasks=[task])
    for i in range(BLOCK_POINTS - 2, BLOCK_POINTS + 2):
        report(scalar(task, i, i), tasks=[task])
    counts = SeriesBlock.objects.order_by("id").values_list("count", flat=True)
    assert list(counts) == [BLOCK_POINTS, 2]
    assert series_of(task) == [(i, float(i)) for i in range(BLOCK_POINTS + 2)]


def test_the_index_follows_the_summary(task) -> None:
    for i, value in enumerate([3.0, 1.0, 2.0]):
        report(scalar(task, i, value), tasks=[task])
        assert indexed(task) == task_entries(task)
    assert {value for _, value in indexed(task)} == {1.0, 2.0, 3.0}


def test_nan_and_infinities_are_kept_and_read_back(task) -> None:
    values = [math.nan, math.inf, -math.inf, 1.5]
    report(*(scalar(task, i, value) for i, value in enumerate(values)), tasks=[task])
    assert [str(value) for _, value in series_of(task)] == ["nan", "inf", "-inf", "1.5"]
    summary = summary_of(task)
    assert (summary.value, summary.first_value, summary.mean_value) == (1.5, None, None)
    assert (summary.min_value, summary.max_value) == (-math.inf, math.inf)
    assert indexed(task) == task_entries(task)
    report(scalar(task, 4, math.nan), tasks=[task])
    assert summary_of(task).value is None
    assert {value for _, value in indexed(task)} == {math.inf, -math.inf}


def test_a_later_report_of_an_iteration_replaces_the_point(task) -> None:
    report(*(scalar(task, i, 1.0) for i in range(3)), tasks=[task])
    report(scalar(task, 1, 9.0, timestamp=START + 99_000), tasks=[task])
    assert series_of(task) == [(0, 1.0), (1, 9.0), (2, 1.0)]
    assert SeriesBlock.objects.get().count == 3
    summary = summary_of(task)
    assert (summary.value, summary.max_value, summary.count) == (9.0, 9.0, 4)


def test_a_run_that_starts_over_replaces_points_in_older_blocks(task) -> None:
    size = 2 * BLOCK_POINTS + 10
    report(*(scalar(task, i, 0.0) for i in range(BLOCK_POINTS)), tasks=[task])
    report(*(scalar(task, i, 0.0) for i in range(BLOCK_POINTS, size)), tasks=[task])
    again = range(BLOCK_POINTS // 2, BLOCK_POINTS + 5)
    report(*(scalar(task, i, 1.0, timestamp=START) for i in again), tasks=[task])
    assert series_of(task) == [(i, float(i in again)) for i in range(size)]
    assert sum(SeriesBlock.objects.values_list("count", flat=True)) == size


def test_a_block_that_loses_every_point_goes(task) -> None:
    report(scalar(task, 0, 1.0), scalar(task, 1, 1.0), tasks=[task])
    report(*(scalar(task, i, 2.0, timestamp=START + 5) for i in (0, 1)), tasks=[task])
    assert series_of(task) == [(0, 2.0), (1, 2.0)]
    assert SeriesBlock.objects.count() == 1


def test_the_same_batch_sent_again_changes_nothing(task) -> None:
    batch = [scalar(task, 0, 1.0), scalar(task, 1, math.nan), line(task, "hello"), plot(task)]
    assert report(*batch, tasks=[task]).added == 4
    before = list(MetricSummary.objects.values()), list(SeriesBlock.objects.values())
    assert report(*batch, tasks=[task]).added == 4
    assert (list(MetricSummary.objects.values()), list(SeriesBlock.objects.values())) == before
    assert LogBlock.objects.get().count == 1
    assert ReportedEvent.objects.count() == 1


def test_a_large_batch_of_lines_sent_again_changes_nothing(task) -> None:
    batch = [line(task, f"{i} " + "x" * 1000, i) for i in range(200)]
    report(line(task, "before"), tasks=[task])
    for _ in range(2):
        assert report(*batch, tasks=[task]).added == 200
    assert LogBlock.objects.count() > 2
    assert sum(LogBlock.objects.values_list("count", flat=True)) == 201


def test_a_value_without_iteration_is_no_iteration(task) -> None:
    for value in (0.5, 0.75):
        event = scalar(task, -(2**31), value, "Summary/accuracy", timestamp=START + int(8 * value))
        report(event, tasks=[task])
    assert scalar_series(task) == {}
    (single,) = single_values([task])[task.id]
    assert (single.metric, single.variant, single.value) == ("Summary", "accuracy", 0.75)
    task.refresh_from_db()
    assert task.last_iteration == 0


def test_the_last_iteration_rises_but_not_by_the_machine(task) -> None:
    report(scalar(task, 7, 1.0), scalar(task, 500, 1.0, ":monitor:machine/cpu"), tasks=[task])
    task.refresh_from_db()
    assert (task.last_iteration, task.last_update) == (7, NOW)
    report(scalar(task, 3, 1.0), scalar(task, 900, 1.0, ":monitor:gpu/0"), tasks=[task])
    task.refresh_from_db()
    assert task.last_iteration == 7
    report(plot(task, 12), tasks=[task])
    task.refresh_from_db()
    assert task.last_iteration == 12


def test_a_faulty_event_is_counted_and_does_not_stop_the_others(task, project) -> None:
    other = make_task(project)
    faulty = [scalar(task, 1, None), scalar(task, 2, None), {"type": "odd"}, scalar(other, 0, 1.0)]
    added = report(scalar(task, 0, 1.0), *faulty, tasks=[task])
    assert (added.added, added.errors) == (1, 4)
    assert added.errors_info["value must be a number"] == 2
    assert f"no experiment '{other.uid}' to which you may report" in added.errors_info
    assert series_of(task) == [(0, 1.0)]


def test_nothing_added_is_an_error_that_says_why(task, alice) -> None:
    with pytest.raises(EventsNotAdded, match="value must be a number"):
        report(scalar(task, 0, "1"), tasks=[task])
    with pytest.raises(EventsNotAdded, match="empty"):
        add_events(events=[], user_tasks={}, by=actor(alice))
    with pytest.raises(EventsNotAdded, match="no JSON"):
        add_events(events=[], user_tasks={}, by=actor(alice), unreadable=["no JSON"])
    task.refresh_from_db()
    assert task.last_update == NOW


def test_events_of_a_task_deleted_meanwhile_are_faulty(task, project) -> None:
    gone = make_task(project)
    Task.objects.filter(id=gone.id).delete()
    added = report(scalar(task, 0, 1.0), scalar(gone, 0, 1.0), tasks=[task, gone])
    assert (added.added, added.errors) == (1, 1)


def test_a_reply_does_not_grow_with_a_hostile_batch(task) -> None:
    faulty = [{**scalar(task, 0, 1.0), "task": f"{i:032x}"} for i in range(500)]
    added = report(scalar(task, 0, 1.0), *faulty, tasks=[task])
    assert added.errors == sum(added.errors_info.values()) == 500
    assert len(added.errors_info) == 51


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.STOPPED])
def test_late_events_of_a_finished_task_are_taken(task, status) -> None:
    become(task, status)
    assert report(scalar(task, 0, 1.0), line(task, "late"), tasks=[task]).added == 2


def test_a_published_task_takes_only_events_that_say_they_know(task) -> None:
    become(task, Status.PUBLISHED)
    with pytest.raises(EventsNotAdded, match="allow_locked"):
        report(scalar(task, 0, 1.0), tasks=[task])
    added = report(scalar(task, 0, 1.0), scalar(task, 1, 2.0, allow_locked=True), tasks=[task])
    assert (added.added, added.errors) == (1, 1)
    assert series_of(task) == [(1, 2.0)]


def test_series_beyond_the_limit_are_refused_by_name(task) -> None:
    names = [f"m{i % 50}/v{i}" for i in range(MAX_SERIES + 2)]
    added = report(*(scalar(task, 0, 1.0, name) for name in names), tasks=[task])
    assert (added.added, added.errors) == (MAX_SERIES, 2)
    assert any(f"variant 'v{MAX_SERIES}'" in error for error in added.errors_info)
    with pytest.raises(EventsNotAdded, match="at most 2000 series"):
        report(scalar(task, 0, 1.0, "one/more"), tasks=[task])
    assert report(scalar(task, 1, 2.0, names[0]), tasks=[task]).added == 1
    assert not Key.objects.filter(section="one").exists()


def test_lines_fill_blocks_and_come_back_whole(task) -> None:
    sent = [line(task, f"{i} " + "x" * 3000, i, pid=i) for i in range(60)]
    for start in range(0, 60, 4):
        report(*sent[start : start + 4], tasks=[task])
    assert 2 <= LogBlock.objects.count() <= 4
    lines = log_lines(task, limit=100, earlier=False)
    assert [one.message for one in lines] == [event["msg"] for event in sent]
    assert lines[59].extra == {"pid": 59}
    assert (lines[59].level, lines[59].worker) == ("info", "host:1")


def test_of_reports_of_one_iteration_the_last_stays(task) -> None:
    report(plot(task, 0, "old"), plot(task, 0, "new"), image(task), tasks=[task])
    report(plot(task, 0, "newest"), plot(task, 1, "next"), tasks=[task])
    shown = plots(task, iterations=None)
    assert [(event.iteration, event.plot) for event in shown] == [(0, "newest"), (1, "next")]


def test_events_of_several_tasks_come_in_one_batch(project, alice) -> None:
    tasks = [make_task(project), make_task(make_project(owner=alice))]
    report(*(scalar(task, i, i) for i in range(3) for task in tasks), tasks=tasks)
    for task in tasks:
        assert series_of(task) == [(0, 0.0), (1, 1.0), (2, 2.0)]
        assert indexed(task) == task_entries(task)


reports = st.lists(
    st.lists(
        st.tuples(st.integers(-3, 12), st.sampled_from([0.0, 1.0, -2.0, math.inf])),
        min_size=1,
        max_size=6,
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(reports)
def test_whatever_the_order_the_newest_point_of_each_iteration_stays(project, batches) -> None:
    task = make_task(project)
    expected: dict[int, float] = {}
    clock = START
    for batch in batches:
        events = []
        for iteration, value in batch:
            clock += 1
            events.append(scalar(task, iteration, value, timestamp=clock))
            expected[iteration] = value
        report(*events, tasks=[task])
    assert dict(series_of(task) if batches else []) == expected
    assert indexed(task) == task_entries(task)
