"""Twenty people at once at how one draft is run, and at where it belongs."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidTaskStatus, TaskNotEditable
from experiments.models import HistoryEntry, Project, Task, Via
from experiments.operations.execution import ExecutionChangedMeanwhile, set_execution
from experiments.operations.facts import set_facts
from experiments.operations.indexing import task_entries
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.queries.indexed import entries_by_task
from experiments.rules.execution import version
from experiments.rules.status import Status
from tests.factories import actor, make_project, make_task, make_user
from tests.racing import fresh_keys, outcomes  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 20


@pytest.fixture
def task() -> Task:
    project = make_project(owner=make_user("alice"))
    return make_task(project, script={"branch": "main"}, parameters={"Args/lr": "0.1"})


def edit(task: Task, **script: str) -> int:
    return set_execution(
        task=task,
        changes={f"script.{name}": text for name, text in script.items()},
        seen={"script.branch": version("main"), "script.tag": version("")},
        by=actor(task.user, Via.BROWSER),
    )


def test_of_twenty_edits_of_one_field_one_wins(task: Task) -> None:
    found = outcomes(lambda number: edit(task, branch=f"branch {number}"), PEOPLE)
    task.refresh_from_db()
    assert found.count(1) == 1
    assert task.script == {"branch": f"branch {found.index(1)}"}
    refused = [error for error in found if isinstance(error, ExecutionChangedMeanwhile)]
    assert len(refused) == PEOPLE - 1
    assert {error.found["script.branch"] for error in refused} == {task.script["branch"]}
    assert HistoryEntry.objects.filter(task=task).count() == 1


def test_edits_of_different_fields_and_writes_of_scripts_merge(task: Task) -> None:
    def work(number: int) -> object:
        if number % 2:
            changes = {"script": {f"own {number}": number}}
            return edit_task(task=task, changes=changes, by=actor(task.user, Via.SDK))
        return edit(task, **({"tag": "v1"} if number % 4 else {"branch": "dev"}))

    assert not [found for found in outcomes(work, PEOPLE) if isinstance(found, Exception)]
    task.refresh_from_db()
    own = {f"own {number}": number for number in range(1, PEOPLE, 2)}
    assert task.script == {"branch": "dev", "tag": "v1"} | own


def test_an_edit_and_a_change_of_status_know_of_each_other(task: Task) -> None:
    def work(number: int) -> object:
        if number == PEOPLE // 2:
            return change_status(task=task, to=Status.QUEUED, by=actor(task.user))
        return edit(task, branch=f"branch {number}")

    found = outcomes(work, PEOPLE)
    task.refresh_from_db()
    won = [number for number, result in enumerate(found) if result == 1]
    assert len(won) <= 1
    assert task.script["branch"] == (f"branch {won[0]}" if won else "main")
    assert task.status == Status.QUEUED
    refusals = (ExecutionChangedMeanwhile, TaskNotEditable, InvalidTaskStatus)
    errors = [result for result in found if isinstance(result, Exception)]
    assert all(isinstance(error, refusals) for error in errors)


def test_of_twenty_moves_one_wins_and_the_index_goes_along(task: Task) -> None:
    seen = {"project": task.project.name}

    def work(number: int) -> object:
        changes = {"project": f"made by all/{number % 5}"}
        return set_facts(task=task, changes=changes, seen=seen, by=actor(task.user, Via.BROWSER))

    found = outcomes(work, PEOPLE)
    task.refresh_from_db()
    assert sum(isinstance(result, dict) and bool(result) for result in found) == 1
    assert Project.objects.filter(name="made by all").count() == 1
    assert entries_by_task([task])[task.pk] == task_entries(task)
