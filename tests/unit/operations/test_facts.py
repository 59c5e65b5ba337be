from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from experiments.errors import InvalidField, NotAllowed, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Membership, Project, Role, Task, User, Via
from experiments.operations.facts import set_facts
from experiments.operations.tasks import edit_task
from experiments.queries.indexed import entries_by_task
from tests.factories import actor, make_project, make_task

SEEN = {"name": "first", "tags": ["a"], "comment": "", "project": "vision"}


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, name="first", tags=["a"], parameters={"Args/lr": "0.1"})


def save(task: Task, **changes: Any) -> dict[str, Any]:
    return set_facts(task=task, changes=changes, seen=SEEN, by=actor(task.user, Via.BROWSER))


def meanwhile(task: Task, **changes: Any) -> None:
    edit_task(task=task, changes=changes, by=actor(task.user))


def test_it_saves_and_keeps_the_history(task: Task) -> None:
    assert save(task, name="second", tags=["a", "b"]) == {"name": "second", "tags": ["a", "b"]}
    task.refresh_from_db()
    assert (task.name, task.tags) == ("second", ["a", "b"])
    entries = HistoryEntry.objects.order_by("id").values_list("key", "old", "new", "via")
    assert list(entries) == [
        ("name", "first", "second", Via.BROWSER),
        ("tags", "a", "a, b", Via.BROWSER),
    ]


@pytest.mark.parametrize(
    ("other", "mine", "found"),
    [
        ({"name": "theirs"}, {"name": "mine"}, "theirs"),
        ({"tags": ["x", "y"]}, {"tags": ["z"]}, "x\ny"),
        ({"comment": "theirs"}, {"comment": "mine"}, "theirs"),
    ],
)
def test_nothing_is_overwritten_unseen(
    task: Task, other: dict[str, Any], mine: dict[str, Any], found: str
) -> None:
    meanwhile(task, **other)
    with pytest.raises(ValueChangedMeanwhile) as refusal:
        save(task, **mine)
    assert (refusal.value.field, refusal.value.current) == (next(iter(mine)), found)
    task.refresh_from_db()
    assert all(getattr(task, field) == value for field, value in other.items())


def test_a_refusal_of_one_field_saves_none(task: Task) -> None:
    meanwhile(task, comment="theirs")
    with pytest.raises(ValueChangedMeanwhile):
        save(task, name="mine", comment="mine")
    task.refresh_from_db()
    assert task.name == "first"


def test_what_others_changed_elsewhere_stays(task: Task) -> None:
    meanwhile(task, comment="theirs")
    save(task, name="mine")
    task.refresh_from_db()
    assert (task.name, task.comment) == ("mine", "theirs")


def test_the_same_change_twice_is_no_conflict(task: Task) -> None:
    meanwhile(task, name="second")
    assert save(task, name="second") == {}


def test_a_bad_name_is_refused(task: Task) -> None:
    with pytest.raises(InvalidField):
        save(task, name="  ")


@pytest.mark.parametrize("changes", [{"name": "second"}, {"project": "elsewhere"}])
def test_a_published_experiment_is_read_only(task: Task, changes: dict[str, str]) -> None:
    Task.objects.filter(pk=task.pk).update(status="published")
    with pytest.raises(TaskNotEditable):
        save(task, **changes)
    assert not Project.objects.filter(name="elsewhere").exists()


class TestMoving:
    @pytest.mark.parametrize("status", ["created", "in_progress", "completed"])
    @pytest.mark.parametrize("made", [True, False])
    def test_it_moves_with_its_index_and_the_history_says_so(
        self, task: Task, status: str, made: bool
    ) -> None:
        if made:
            make_project("other/deep", owner=task.user)
        Task.objects.filter(pk=task.pk).update(status=status)
        save(task, project="other/deep")
        task.refresh_from_db()
        assert task.project.name == "other/deep"
        assert task.project.parent == Project.objects.get(name="other")
        assert entries_by_task([task])[task.pk]
        call_command("check_index")
        [entry] = HistoryEntry.objects.filter(task=task)
        assert (entry.what, entry.key, entry.old, entry.new) == (
            "facts", "project", "vision", "other/deep",
        )  # fmt: skip

    @pytest.mark.parametrize("role", [Role.NONE, Role.VIEWER])
    @pytest.mark.parametrize("path", ["theirs", "theirs/new/deep", "theirs/there"])
    def test_it_goes_only_where_one_may_add(
        self, task: Task, charlie: User, role: Role, path: str
    ) -> None:
        make_project("theirs", owner=charlie, members={task.user: role})
        make_project("theirs/there", owner=charlie, members={task.user: role})
        with pytest.raises(NotAllowed):
            save(task, project=path, name="second")
        task.refresh_from_db()
        assert (task.project.name, task.name) == ("vision", "first")
        assert Project.objects.count() == 3

    def test_an_editor_of_both_may(self, task: Task, charlie: User) -> None:
        theirs = make_project("theirs", owner=charlie, members={task.user: Role.EDITOR})
        assert Membership.objects.filter(project=theirs, role=Role.EDITOR).exists()
        save(task, project="theirs/new")
        task.refresh_from_db()
        assert task.project.name == "theirs/new"

    @pytest.mark.parametrize("path", ["", " / ", "a//b", "a/\0", "x" * 1025])
    def test_what_is_no_path_is_refused(self, task: Task, path: str) -> None:
        with pytest.raises(InvalidField):
            save(task, project=path)
        assert Project.objects.count() == 1

    def test_it_is_not_moved_unseen(self, task: Task) -> None:
        meanwhile(task, project=make_project("theirs", owner=task.user))
        with pytest.raises(ValueChangedMeanwhile) as refusal:
            save(task, project="mine")
        assert (refusal.value.field, refusal.value.current) == ("project", "theirs")
        assert not Project.objects.filter(name="mine").exists()

    def test_its_own_project_is_no_move(self, task: Task) -> None:
        assert save(task, project=" vision ") == {}
