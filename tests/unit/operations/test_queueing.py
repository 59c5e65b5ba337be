"""Queues under many hands: agents that take, people that put in, take out, move and reorder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from experiments.errors import (
    ExperimentError,
    NotAllowed,
    NotUnique,
    QueueNotEmpty,
    QueueNotFound,
    TaskAlreadyQueued,
    TaskNotInQueue,
)
from experiments.models import Queue, QueueEntry, QueueSample, Role, Task, User
from experiments.operations.queueing import (
    clear_queue,
    delete_queue,
    dequeue_task,
    dequeue_tasks,
    enqueue_task,
    move_tasks,
    move_to_queue,
    take_next,
)
from experiments.operations.queues import create_queue, place_entry, place_of, update_queue
from tests.factories import NOW, actor, make_project, make_task, make_user
from tests.racing import at_once, fresh_keys, outcomes  # noqa: F401

AGENTS = 8
ROUNDS = 6
racing = pytest.mark.django_db(transaction=True)


def scene(names: str = "", *, queues: int = 1) -> tuple[User, list[Queue], dict[str, Task]]:
    """Somebody with queues, and a task per letter that waits in the first of them."""
    user = make_user()
    project = make_project(owner=user)
    made = [create_queue(name=f"queue {number}", by=actor(user)) for number in range(queues)]
    tasks = {name: make_task(project, name=f"task {name}") for name in names}
    for task in tasks.values():
        enqueue_task(task=task, queue=made[0], by=actor(user), now=NOW)
    return user, made, tasks


def order(queue: Queue) -> str:
    rows = QueueEntry.objects.filter(queue=queue).order_by("position", "id")
    return "".join(name[-1] for name in rows.values_list("task__name", flat=True))


def letters(tasks: Iterable[Task]) -> str:
    return "".join(task.name[-1] for task in tasks)


def status(task: Task) -> str:
    return Task.objects.get(pk=task.pk).status


class TestWithoutARace:
    pytestmark = pytest.mark.django_db

    def test_move_keeps_the_order_and_the_time_waited(self) -> None:
        user, (first, second), tasks = scene("abc", queues=2)
        moved = move_tasks(
            tasks=[tasks["c"], tasks["a"]], queue=second, out_of=first, by=actor(user)
        )
        assert letters(moved) == "ac"
        assert (order(first), order(second)) == ("b", "ac")
        entry = QueueEntry.objects.get(task=tasks["c"])
        assert (entry.added, entry.task.execution["queue"]) == (NOW, second.uid)

    def test_what_is_not_there_any_more_is_not_moved_and_not_removed(self) -> None:
        user, (first, second), tasks = scene("ab", queues=2)
        assert take_next(queue=first, by=actor(user)).task == tasks["a"]
        both = list(tasks.values())
        assert move_tasks(tasks=both, queue=second, out_of=first, by=actor(user)) == [tasks["b"]]
        assert dequeue_tasks(queue=first, tasks=both, by=actor(user)) == []
        assert status(tasks["a"]) == "queued", "the worker that has it starts it"
        assert order(second) == "b"
        with pytest.raises(TaskNotInQueue):
            move_to_queue(task=tasks["a"], queue=second, by=actor(user))

    def test_dequeued_together_they_are_drafts(self) -> None:
        user, (queue,), tasks = scene("abc")
        left = dequeue_tasks(queue=queue, tasks=[tasks["a"], tasks["c"]], by=actor(user))
        assert letters(left) == "ac"
        assert order(queue) == "b"
        assert (status(tasks["a"]), status(tasks["b"])) == ("created", "queued")
        assert "queue" not in Task.objects.get(pk=tasks["a"].pk).execution

    def test_a_place_beside_another_that_is_gone_is_none(self) -> None:
        user, (queue,), tasks = scene("abc")
        dequeue_task(task=tasks["b"], by=actor(user))
        for beside in ({"before": tasks["b"].uid}, {"after": "f" * 32}):
            with pytest.raises(TaskNotInQueue):
                place_entry(queue=queue, task=tasks["a"], by=actor(user), **beside)
        assert order(queue) == "ac"

    def test_nobody_deletes_a_queue_with_what_others_let_wait(self) -> None:
        user, (queue,), tasks = scene("a")
        stranger = make_user()
        with pytest.raises(NotAllowed, match="one experiment waits in it of projects"):
            delete_queue(queue=queue, force=True, by=actor(stranger))
        with pytest.raises(QueueNotEmpty):
            delete_queue(queue=queue, by=actor(user))
        assert status(tasks["a"]) == "queued"
        delete_queue(queue=queue, force=True, by=actor(user))
        assert (status(tasks["a"]), Queue.objects.count()) == ("created", 0)

    def test_clearing_leaves_what_others_let_wait(self) -> None:
        user, (queue,), _ = scene("ab")
        other = make_user()
        theirs = make_task(make_project(owner=other, members={user: Role.VIEWER}), name="task x")
        enqueue_task(task=theirs, queue=queue, by=actor(other))
        assert letters(clear_queue(queue=queue, by=actor(user))) == "ab"
        assert order(queue) == "x"

    def test_a_queue_keeps_samples_of_a_month(self) -> None:
        user, (queue,), _ = scene("a")
        later = NOW + timedelta(days=31)
        take_next(queue=queue, by=actor(user), now=later)
        [sample] = QueueSample.objects.all()
        assert (sample.minute, sample.entries, sample.taken) == (later, 0, 1)
        assert sample.waited == timedelta(days=31).total_seconds()

    def test_everything_about_a_deleted_queue_says_so(self) -> None:
        user, (queue, other), tasks = scene("a", queues=2)
        draft = make_task(tasks["a"].project)
        delete_queue(queue=queue, force=True, by=actor(user))
        for act in (
            lambda: enqueue_task(task=draft, queue=queue, by=actor(user)),
            lambda: place_entry(queue=queue, task=draft, at="front", by=actor(user)),
            lambda: update_queue(queue=queue, changes={"name": "x"}, by=actor(user)),
            lambda: delete_queue(queue=queue, by=actor(user)),
            lambda: move_tasks(tasks=[draft], queue=queue, by=actor(user)),
        ):
            with pytest.raises(QueueNotFound, match="deleted meanwhile"):
                act()
        assert take_next(queue=queue, by=actor(user)) is None
        assert other.entries.count() == 0


class TestPlaces(TestCase):
    """Every way to reorder is what it would be in a list."""

    @settings(max_examples=25, deadline=None)
    @given(data=st.data())
    def test_an_order_is_a_list(self, data: st.DataObject) -> None:
        names = data.draw(st.sampled_from(["a", "ab", "abcd", "abcdefg"]))
        user, (queue,), tasks = scene(names)
        wanted = list(names)
        for _ in range(data.draw(st.integers(1, 6))):
            name = data.draw(st.sampled_from(names))
            how, given_as = data.draw(moves(names))
            other = given_as.get("before") or given_as.get("after")
            sent = {key: tasks[value].uid for key, value in given_as.items() if value == other}
            place = place_entry(
                queue=queue, task=tasks[name], by=actor(user), **{**given_as, **sent}
            )
            move_in_list(wanted, name, how, given_as)
            assert order(queue) == "".join(wanted)
            assert wanted[place] == name
            assert place_of(queue, tasks[name]) == place


def moves(names: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.one_of(
        st.sampled_from(["front", "back"]).map(lambda end: ("at", {"at": end})),
        st.integers(-2, len(names) + 2).map(lambda place: ("at", {"at": place})),
        st.integers(-len(names), len(names)).map(lambda n: ("steps", {"by_steps": n})),
        st.sampled_from(names).map(lambda other: ("before", {"before": other})),
        st.sampled_from(names).map(lambda other: ("after", {"after": other})),
    )


def move_in_list(items: list[str], name: str, how: str, sent: dict[str, Any]) -> None:
    here = items.index(name)
    if sent.get(how) == name:
        return
    items.remove(name)
    match how, sent.get(how):
        case "at", "front":
            place = 0
        case "at", "back":
            place = len(items)
        case "at", place:
            pass
        case "before", other:
            place = items.index(other)
        case "after", other:
            place = items.index(other) + 1
        case _:
            place = here + sent["by_steps"]
    items.insert(max(0, min(len(items), place)), name)


@racing
class TestRaces:
    def test_of_many_agents_each_gets_another(self) -> None:
        user, (queue,), tasks = scene("abcdefghijklmnopqrstuvwx")

        def work(_: int) -> list[str]:
            taken = []
            while entry := take_next(queue=queue, by=actor(user)):
                taken.append(letters([entry.task]))
            return taken

        taken = [name for names in at_once(work, AGENTS) for name in names]
        # Passed over while another took it, the last may stay for the next who asks.
        taken += work(0)
        assert sorted(taken) == sorted(tasks)
        assert not QueueEntry.objects.exists()
        assert sum(QueueSample.objects.values_list("taken", flat=True)) == len(tasks)

    def test_put_in_by_many_it_waits_once(self) -> None:
        user, (first, second), _ = scene(queues=2)
        project = make_project(owner=user)
        for _ in range(ROUNDS):
            task = make_task(project)
            results = outcomes(
                lambda thread, task=task: enqueue_task(
                    task=task, queue=(first, second)[thread % 2], by=actor(user)
                )
            )
            assert {type(result) for result in results} <= {Task, TaskAlreadyQueued}
            assert QueueEntry.objects.filter(task=task).count() == 1

    def test_taken_put_in_and_taken_out_it_runs_at_most_once(self) -> None:
        """An agent, and people who enqueue and dequeue: whatever comes first, nothing breaks."""
        user, (queue, other), _ = scene(queues=2)
        project = make_project(owner=user)
        for _ in range(ROUNDS):
            tasks = [make_task(project) for _ in range(3)]
            for task in tasks:
                enqueue_task(task=task, queue=queue, by=actor(user))

            def work(thread: int, tasks: list[Task] = tasks) -> Any:
                act = [
                    lambda: take_next(queue=queue, by=actor(user)),
                    lambda: dequeue_task(task=tasks[0], by=actor(user)),
                    lambda: dequeue_tasks(queue=queue, tasks=reversed(tasks), by=actor(user)),
                    lambda: move_tasks(tasks=tasks, queue=other, by=actor(user)),
                    lambda: move_tasks(tasks=tasks, queue=queue, out_of=other, by=actor(user)),
                    lambda: place_entry(queue=queue, task=tasks[1], at=2, by=actor(user)),
                    lambda: place_entry(queue=queue, task=tasks[0], at="back", by=actor(user)),
                    lambda: take_next(queue=other, by=actor(user)),
                ]
                return act[thread]()

            results = outcomes(work, AGENTS)
            refused = {type(result) for result in results if isinstance(result, ExperimentError)}
            assert refused <= {TaskNotInQueue}
            taken = {entry.task_id for entry in (results[0], results[7]) if entry}
            waiting = set(QueueEntry.objects.values_list("task_id", flat=True))
            drafts = {task.pk for task in tasks if status(task) == "created"}
            assert not taken & waiting
            assert not drafts & waiting
            assert {task.pk for task in tasks} == taken | waiting | drafts
            clear_queue(queue=queue, by=actor(user))
            clear_queue(queue=other, by=actor(user))

    def test_a_queue_is_deleted_while_it_is_used(self) -> None:
        user, _, _ = scene()
        project = make_project(owner=user)
        for number in range(ROUNDS):
            queue = create_queue(name=f"short-lived {number}", by=actor(user))
            tasks = [make_task(project) for _ in range(4)]
            for task in tasks[:3]:
                enqueue_task(task=task, queue=queue, by=actor(user))

            def work(thread: int, queue: Queue = queue, tasks: list[Task] = tasks) -> Any:
                act = [
                    lambda: delete_queue(queue=queue, force=True, by=actor(user)),
                    lambda: take_next(queue=queue, by=actor(user)),
                    lambda: enqueue_task(task=tasks[3], queue=queue, by=actor(user)),
                    lambda: dequeue_task(task=tasks[2], by=actor(user)),
                    lambda: place_entry(queue=queue, task=tasks[1], at="front", by=actor(user)),
                    lambda: take_next(queue=queue, by=actor(user)),
                ]
                return act[thread]()

            results = outcomes(work)
            refused = {type(result) for result in results if isinstance(result, ExperimentError)}
            assert refused <= {QueueNotEmpty, QueueNotFound, TaskNotInQueue}
            if not isinstance(results[0], ExperimentError):
                assert not Queue.objects.filter(pk=queue.pk).exists()
                assert not QueueEntry.objects.filter(task__in=tasks).exists()

    def test_of_many_moves_one_order_comes(self) -> None:
        user, (queue,), tasks = scene("abcdefgh")
        names = sorted(tasks)
        for _ in range(ROUNDS):
            at_once(
                lambda thread: place_entry(
                    queue=queue, task=tasks[names[thread]], at=7 - thread, by=actor(user)
                ),
                AGENTS,
            )
            assert sorted(order(queue)) == names
            positions = QueueEntry.objects.values_list("position", flat=True)
            assert len(set(positions)) == len(names)

    def test_of_many_queues_of_one_name_one_is_made(self) -> None:
        user, (queue,), _ = scene()
        results = outcomes(lambda _: create_queue(name="one", by=actor(user)))
        assert sum(isinstance(result, Queue) for result in results) == 1
        more = [create_queue(name=f"more {n}", by=actor(user)) for n in range(AGENTS)]
        results = outcomes(
            lambda n: update_queue(queue=more[n], changes={"name": "same"}, by=actor(user)), AGENTS
        )
        assert sum(isinstance(result, dict) for result in results) == 1
        assert {type(result) for result in results} == {dict, NotUnique}
        assert queue.name == "queue 0"


@racing
def test_an_entry_somebody_holds_is_passed_over() -> None:
    """On SQLite nobody takes while another writes, so there is nothing to pass over."""
    user, (queue,), tasks = scene("ab")
    if transaction.get_connection().vendor == "sqlite":
        pytest.skip("one writer at a time")
    with transaction.atomic():
        QueueEntry.objects.select_for_update().get(task=tasks["a"])
        [taken] = at_once(lambda _: take_next(queue=queue, by=actor(user)), 1)
        assert taken.task == tasks["b"]
