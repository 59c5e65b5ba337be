"""Edits of configuration objects: against the version seen, kept in the history, one winner."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Project, Via
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.revealing import reveal_object
from experiments.operations.reverting import revert_change
from experiments.operations.status import change_status
from experiments.rules.status import Status
from tests.factories import actor, make_task

NET = Object("lr: 0.1\n", "yaml", "the network")


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(project, configuration={"net": NET, "other": Object("x")})


def stored(task: Any) -> dict[str, Object]:
    return stored_configuration(task)


def entries(task: Any) -> list[tuple[str, str, str | None, str | None]]:
    rows = HistoryEntry.objects.filter(task=task).order_by("pk")
    return [(row.what, row.key, row.old, row.new) for row in rows]


class TestSaving:
    def test_text_type_and_description_are_entries_of_their_own(
        self, alice: Any, task: Any
    ) -> None:
        wanted = Object("lr: 0.2\n", "hocon", "another")
        by = actor(alice, Via.BROWSER)
        set_object(task=task, name="net", wanted=wanted, seen=object_version(NET), by=by)
        assert stored(task)["net"] == wanted
        assert entries(task) == [
            ("configuration", "net", NET.value, wanted.value),
            ("object type", "net", "yaml", "hocon"),
            ("object about", "net", "the network", "another"),
        ]

    def test_only_the_version_seen_is_overwritten(self, alice: Any, task: Any) -> None:
        wanted = NET._replace(value="lr: 0.2\n")
        for seen in ("", "old", object_version(wanted), object_version(Object(NET.value))):
            with pytest.raises(ValueChangedMeanwhile) as caught:
                set_object(task=task, name="net", wanted=wanted, seen=seen, by=actor(alice))
            assert caught.value.current == NET.value
        assert stored(task)["net"] == NET and entries(task) == []

    def test_a_renamed_one_takes_everything_along(self, alice: Any, task: Any) -> None:
        by = actor(alice, Via.BROWSER)
        set_object(task=task, name="new", wanted=NET, seen=object_version(NET),
                   seen_name="net", by=by)  # fmt: skip
        assert stored(task) == {"other": Object("x"), "new": NET}
        gone = HistoryEntry.objects.get(task=task, key="net")
        revert_change(task=task, entry=gone.pk, by=by)
        assert stored(task)["net"] == NET

    @pytest.mark.parametrize("name", ["", " ", "a\x00b", "x" * 1_025, "\ud800"])
    def test_odd_names_are_refused(self, alice: Any, task: Any, name: str) -> None:
        with pytest.raises(InvalidField):
            set_object(task=task, name=name, wanted=NET, seen="", by=actor(alice))

    def test_a_text_that_no_database_keeps_is_refused(self, alice: Any, task: Any) -> None:
        for wanted in (Object("a\x00"), Object("x", "\ud800"), Object("x", None, "\x00")):
            with pytest.raises(InvalidField):
                set_object(task=task, name="new", wanted=wanted, seen="", by=actor(alice))
        assert "new" not in stored(task)

    def test_only_drafts_are_edited(self, alice: Any, task: Any) -> None:
        change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
        seen = object_version(NET)
        with pytest.raises(TaskNotEditable):
            set_object(task=task, name="net", wanted=Object("x"), seen=seen, by=actor(alice))
        with pytest.raises(TaskNotEditable):
            remove_object(task=task, name="net", seen=seen, by=actor(alice))
        assert stored(task)["net"] == NET


class TestRemoving:
    def test_it_comes_back_whole(self, alice: Any, task: Any) -> None:
        by = actor(alice, Via.BROWSER)
        remove_object(task=task, name="net", seen=object_version(NET), by=by)
        assert "net" not in stored(task)
        revert_change(task=task, entry=HistoryEntry.objects.get(task=task).pk, by=by)
        assert stored(task)["net"] == NET

    def test_one_that_changed_stays(self, alice: Any, task: Any) -> None:
        with pytest.raises(ValueChangedMeanwhile):
            remove_object(task=task, name="net", seen="old", by=actor(alice))
        assert stored(task)["net"] == NET


def test_a_look_at_secrets_is_kept_without_them(alice: Any, task: Any) -> None:
    reveal_object(task=task, name="net", by=actor(alice, Via.BROWSER))
    assert entries(task) == [("reveal", "net", None, None)]
