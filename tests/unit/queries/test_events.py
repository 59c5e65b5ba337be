from __future__ import annotations

import pytest

from experiments.errors import InvalidField, TaskNotFound
from experiments.models import ReportedEvent, Role
from experiments.queries.event_tasks import MOST_TASKS, visible_tasks, writable_tasks
from experiments.queries.events import (
    log_count,
    log_lines,
    log_page,
    plots,
    reported_events,
    reported_metrics,
    reported_names,
    scalar_names,
    scalar_series,
)
from experiments.queries.images import images
from experiments.queries.metrics import metric_summaries
from experiments.rules.events import Kind
from experiments.rules.logs import Line
from tests.factories import make_project, make_task
from tests.reporting import START, image, line, plot, report, scalar

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(project):
    return make_task(project)


@pytest.fixture
def talkative(task):
    """Ten lines, two of them late."""
    for moment in (0, 1, 2, 6, 7, 8, 9):
        report(line(task, f"line {moment}", moment), tasks=[task])
    report(*(line(task, f"line {moment}", moment) for moment in (3, 4, 5)), tasks=[task])
    return task


def texts(lines: list[Line]) -> list[str]:
    return [one.message.removeprefix("line ") for one in lines]


def test_the_newest_page_of_the_console_is_in_order_of_time(talkative) -> None:
    page = log_page(talkative, limit=4)
    assert texts(page.lines) == ["6", "7", "8", "9"]
    assert (page.has_earlier, page.has_later, page.total) == (True, False, 10)


def test_the_console_is_paged_both_ways(talkative) -> None:
    newest = log_page(talkative, limit=4)
    middle = log_page(talkative, limit=4, before=newest.first)
    assert texts(middle.lines) == ["2", "3", "4", "5"]
    assert (middle.has_earlier, middle.has_later) == (True, True)
    oldest = log_page(talkative, limit=4, before=middle.first)
    assert texts(oldest.lines) == ["0", "1"]
    assert (oldest.has_earlier, oldest.has_later) == (False, True)
    assert texts(log_page(talkative, limit=4, after=oldest.last).lines) == ["2", "3", "4", "5"]
    start = log_page(talkative, limit=4, from_start=True)
    assert (texts(start.lines), start.has_earlier, start.has_later) == (
        ["0", "1", "2", "3"],
        False,
        True,
    )


def test_a_reader_can_wait_for_more_lines(talkative) -> None:
    last = log_page(talkative).last
    waiting = log_page(talkative, after=last)
    assert (waiting.lines, waiting.last, waiting.has_later) == ([], last, False)
    report(line(talkative, "line 10", 10), tasks=[talkative])
    assert texts(log_page(talkative, after=waiting.last).lines) == ["10"]


def test_an_empty_console_is_an_empty_page(task) -> None:
    page = log_page(task)
    assert (page.lines, page.first, page.has_earlier, page.total) == ([], None, False, 0)


def test_lines_are_found_by_moment_in_both_directions(talkative) -> None:
    at = 1000 * (START + 4)
    assert texts(log_lines(talkative, limit=2)) == ["9", "8"]
    assert texts(log_lines(talkative, limit=2, from_moment=at)) == ["3", "2"]
    assert texts(log_lines(talkative, limit=2, earlier=False)) == ["0", "1"]
    assert texts(log_lines(talkative, limit=2, earlier=False, from_moment=at)) == ["5", "6"]
    assert log_count(talkative) == 10


def test_lines_of_one_moment_are_never_torn_apart(task) -> None:
    report(*(line(task, f"line {i}", 0) for i in range(5)), line(task, "line 5", 1), tasks=[task])
    assert texts(log_lines(task, limit=2, earlier=False)) == ["0", "1", "2", "3", "4"]
    assert texts(log_lines(task, limit=2)) == ["5", "4", "3", "2", "1", "0"]


def test_series_can_be_chosen(task) -> None:
    names = ["loss/train", "loss/test", "acc/train"]
    report(*(scalar(task, i, i, name) for name in names for i in range(2)), tasks=[task])
    everything = [("acc", "train"), ("loss", "test"), ("loss", "train")]
    assert list(scalar_series(task)) == scalar_names(task) == everything
    assert list(scalar_series(task, {"loss": []})) == everything[1:]
    assert list(scalar_series(task, {"loss": ["test"], "acc": ["none"]})) == [("loss", "test")]
    assert scalar_series(task, {}) == {}


def test_names_without_iterations_are_not_curves(task) -> None:
    report(scalar(task, -(2**31), 1.0, "Summary/a"), scalar(task, 0, 1.0), tasks=[task])
    assert scalar_names(task) == [("loss", "train")]


def test_summaries_come_by_task_with_their_names(task, project) -> None:
    silent = make_task(project)
    report(scalar(task, 0, 1.0, "b/x"), scalar(task, 0, 2.0, "a/y"), tasks=[task])
    found = metric_summaries([task, silent])
    assert [(row.key.section, row.key.name, row.value) for row in found[task.id]] == [
        ("a", "y", 2.0),
        ("b", "x", 1.0),
    ]
    assert found[silent.id] == []
    wanted = [row.key for row in found[task.id] if row.key.section == "b"]
    assert [row.value for row in metric_summaries([task], wanted)[task.id]] == [1.0]


def test_the_last_plots_of_each_name_are_shown(task) -> None:
    report(*(plot(task, i, name=name) for name in ("b/x", "a/y") for i in range(4)), tasks=[task])
    shown = [(p.metric, p.variant, p.iteration) for p in plots(task, iterations=2)]
    assert shown == [("a", "y", 2), ("a", "y", 3), ("b", "x", 2), ("b", "x", 3)]
    assert [p.iteration for p in plots(task, names={"b": ["x"]})] == [3]
    assert plots(task, names={"b": ["z"]}) == []
    assert len(plots(task, iterations=None)) == 8


def test_images_come_by_iteration_from_the_latest_on(task) -> None:
    report(*(image(task, i, f"d/{v}") for i in range(4) for v in "ba"), tasks=[task])
    found = images(task, iterations=2)
    assert [(i, [event.variant for event in events]) for i, events in found] == [
        (3, ["a", "b"]),
        (2, ["a", "b"]),
    ]
    assert [i for i, _ in images(task, iterations=5, beyond=2)] == [1, 0]
    assert [i for i, _ in images(task, iterations=5, beyond=1, earlier=False)] == [2, 3]
    assert [len(events) for _, events in images(task, names={"d": ["a"]})] == [1]


def test_names_are_listed_by_kind(task) -> None:
    report(scalar(task, 0, 1.0), plot(task), image(task), line(task, "x"), tasks=[task])
    assert reported_names([task], Kind.PLOT) == {task.id: [("roc", "a")]}
    assert reported_metrics([task], list(Kind)) == {task.id: ["debug", "loss", "roc"]}
    assert reported_metrics([task], [Kind.SCALAR]) == {task.id: ["loss"]}
    assert reported_metrics([task], [Kind.LOG]) == {task.id: []}


@pytest.mark.parametrize("descending", [False, True])
def test_events_of_all_kinds_scroll_in_order_of_time(task, descending) -> None:
    report(
        *(scalar(task, i, i, name) for i in range(3) for name in ("a/a", "b/b")),
        *(line(task, "x", 500 + 1000 * i) for i in range(3)),
        plot(task, 1200),
        tasks=[task],
    )
    moments, cursor, total = [], None, 0
    while page := reported_events(task, limit=3, descending=descending, cursor=cursor):
        if not page.events:
            break
        moments += [_moment(event) for event in page.events]
        cursor, total = page.next, page.total
    assert moments == sorted(moments, reverse=descending)
    assert len(moments) == total == 10


def _moment(event: object) -> int:
    if isinstance(event, ReportedEvent):
        return round(event.timestamp.timestamp() * 1_000_000)
    return event.timestamp if isinstance(event, Line) else event.point[1]


def test_one_kind_of_event_can_be_read(task) -> None:
    report(scalar(task, 0, 1.0), plot(task), line(task, "x"), tasks=[task])
    point = (0, START * 1000, 1.0)
    assert reported_events(task, kinds=[Kind.SCALAR]).events == [(("loss", "train"), point)]
    assert [event.type for event in reported_events(task, kinds=[Kind.PLOT]).events] == ["plot"]
    nothing = reported_events(task, kinds=[Kind.IMAGE])
    assert (nothing.events, nothing.total, nothing.next) == ([], 0, "")


def test_one_reports_only_where_one_is_an_editor(task, project, alice, bob, charlie) -> None:
    open_to_bob = make_task(make_project(owner=alice, members={bob: Role.EDITOR}))
    uids = [task.uid, open_to_bob.uid, "nonsense", None, ["x"], task.uid]
    assert set(writable_tasks(alice, uids)) == {task.uid, open_to_bob.uid}
    assert set(writable_tasks(bob, uids)) == {open_to_bob.uid}
    assert writable_tasks(charlie, uids) == {}


def test_many_tasks_are_read_only_if_all_may_be_seen(task, bob, charlie) -> None:
    assert visible_tasks(bob, [task.uid, task.uid]) == [task]
    with pytest.raises(TaskNotFound):
        visible_tasks(charlie, [task.uid])
    with pytest.raises(TaskNotFound):
        visible_tasks(bob, [task.uid, "0" * 32])
    with pytest.raises(InvalidField):
        visible_tasks(bob, [f"{i:032x}" for i in range(MOST_TASKS + 1)])
