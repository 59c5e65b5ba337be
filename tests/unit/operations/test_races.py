"""People, scripts and agents who change the same thing at the same moment."""

from __future__ import annotations

import pytest

from experiments.errors import (
    InvalidTaskStatus,
    NotUnique,
    TaskNotEditable,
)
from experiments.models import HistoryEntry, Project, Task, Via
from experiments.operations.edits import EditsRefused
from experiments.operations.indexing import task_entries
from experiments.operations.parameters import edit_parameters
from experiments.operations.projects import create_project
from experiments.operations.reads import note_read
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.queries.indexed import entries_by_task
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, document_of, make_project, make_task, make_user
from tests.one_value import set_value
from tests.racing import THREADS, at_once, fresh_keys, outcomes  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


@pytest.fixture
def task():
    project = make_project(owner=make_user("alice"))
    return make_task(
        project, user=project.owner, parameters={f"Args/p{n}": "0" for n in range(THREADS)}
    )


def stored(task):
    return Task.objects.get(pk=task.pk)


def check_index(task):
    found = stored(task)
    assert entries_by_task([found])[task.pk] == task_entries(found)


def test_of_many_edits_of_one_value_exactly_one_wins(task):
    by = actor(task.user, via=Via.BROWSER)
    for number in range(ROUNDS):
        seen = stored(task).hyperparams["Args"]["p0"].value

        def edit(thread, seen=seen, number=number):
            value = f"{number}.{thread}"
            set_value(task=task, section="Args", name="p0", value=value, seen=seen, by=by)
            return value

        results = outcomes(edit)
        winners = [result for result in results if isinstance(result, str)]
        losers = [result for result in results if isinstance(result, EditsRefused)]
        assert (len(winners), len(losers)) == (1, THREADS - 1), results
        assert {loser.refusals[0].current.value for loser in losers} == set(winners)
        assert stored(task).hyperparams["Args"]["p0"].value == winners[0]
    assert HistoryEntry.objects.filter(task=task).count() == ROUNDS
    check_index(task)


def test_edits_of_different_values_all_stay(task):
    by = actor(task.user, via=Via.BROWSER)
    for number in range(ROUNDS):
        at_once(
            lambda thread, number=number: set_value(
                task=task,
                section="Args",
                name=f"p{thread}",
                value=str(number + 1),
                seen=str(number),
                by=by,
            )
        )
    assert {item.value for item in stored(task).hyperparams["Args"].values()} == {str(ROUNDS)}
    assert HistoryEntry.objects.filter(task=task).count() == ROUNDS * THREADS
    check_index(task)


def test_scripts_that_send_the_whole_document_and_a_browser_lose_nothing(task):
    """Each sends all it read long ago with its own key changed; nobody's key is undone."""
    scripts = [actor(task.user, client=f"script{n}") for n in range(THREADS - 1)]
    for script in scripts:
        note_read(task=stored(task), by=script)

    def write(thread):
        if thread == THREADS - 1:
            by = actor(task.user, via=Via.BROWSER)
            set_value(task=task, section="Args", name=f"p{thread}", value="9", seen="0", by=by)
            return
        parameters = {f"Args/p{n}": "0" for n in range(THREADS)} | {f"Args/p{thread}": "9"}
        changes = {"hyperparams": document_of(parameters)}
        edit_task(task=task, changes=changes, force=True, by=scripts[thread])

    at_once(write)
    assert [item.value for item in stored(task).hyperparams["Args"].values()] == ["9"] * THREADS
    check_index(task)


def test_an_edit_and_a_start_never_both_see_a_draft(task):
    """Either the edit came first, or it is refused because the task runs."""
    browser = actor(task.user, via=Via.BROWSER)
    for number in range(ROUNDS):
        draft = make_task(task.project, user=task.user, parameters={"Args/a": "0"})

        def work(thread, draft=draft):
            if thread == 0:
                return change_status(task=draft, to=Status.IN_PROGRESS, by=actor(task.user))
            return set_value(task=draft, section="Args", name="a", value="1", seen="0", by=browser)

        _, edit = outcomes(work, threads=2)
        value = stored(draft).hyperparams["Args"]["a"].value
        assert stored(draft).status == Status.IN_PROGRESS
        assert value == ("0" if isinstance(edit, TaskNotEditable) else "1"), (number, edit)


def test_of_two_ends_one_is_the_first(task):
    """Completed and failed at once: the second finds the first's status and is judged by it."""
    by = actor(task.user)
    ends = (Status.COMPLETED, Status.FAILED)
    for _ in range(ROUNDS):
        running = change_status(
            task=make_task(task.project, user=task.user), to=Status.IN_PROGRESS, by=by
        )
        results = outcomes(
            lambda thread, running=running: (
                change_status(task=running, to=ends[thread], by=by).status
            ),
            threads=2,
        )
        refused = [result for result in results if isinstance(result, InvalidTaskStatus)]
        reached = [result for result in results if isinstance(result, str)]
        assert len(refused) == 1 and reached == [stored(running).status], results


def test_a_project_made_at_once_is_one_project(task):
    by = actor(task.user)
    results = outcomes(lambda _: create_project(name="new/branch/leaf", by=by).name)
    made = [result for result in results if result == "new/branch/leaf"]
    assert len(made) == 1 and sum(isinstance(r, NotUnique) for r in results) == THREADS - 1
    assert Project.objects.filter(name__in=["new", "new/branch"]).count() == 2


def test_new_names_used_at_once_get_one_key_each(task):
    """Every thread brings the same unknown names; none may wait for another for ever."""
    by = actor(task.user)
    tasks = [make_task(task.project, user=task.user) for _ in range(THREADS)]

    def write(thread):
        names = [f"fresh{n}" for n in range(30)]
        for name in names if thread % 2 else reversed(names):
            edit_parameters(task=tasks[thread], items=[("New", name, Item("1"))], by=by)

    at_once(write)
    for one in tasks:
        assert len(stored(one).hyperparams["New"]) == 30
        check_index(one)
