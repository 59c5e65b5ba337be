"""Several who save one configuration object at once: one wins, nobody's text is mixed or lost."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import ValueChangedMeanwhile
from experiments.models import HistoryEntry, Via
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object, stored_configuration
from tests.factories import actor, make_project, make_task, make_user
from tests.racing import THREADS, outcomes

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


@pytest.fixture
def task() -> Any:
    user = make_user("racer")
    return make_task(make_project(owner=user), user=user, configuration={"net": Object("0\n")})


def test_of_many_saves_of_one_version_one_wins(task: Any) -> None:
    by = actor(task.user, Via.BROWSER)
    for number in range(ROUNDS):
        before = stored_configuration(task)["net"]
        texts = [Object(f"{number} {thread}\n") for thread in range(THREADS)]

        def save(thread: int, before: Object = before, texts: list[Object] = texts) -> Object:
            seen = object_version(before)
            set_object(task=task, name="net", wanted=texts[thread], seen=seen, by=by)
            return texts[thread]

        found = outcomes(save)
        won = [each for each in found if isinstance(each, Object)]
        lost = [each for each in found if isinstance(each, ValueChangedMeanwhile)]
        assert (len(won), len(lost)) == (1, THREADS - 1)
        assert stored_configuration(task)["net"] == won[0]
        assert {each.current for each in lost} == {won[0].value}
    assert HistoryEntry.objects.filter(task=task, key="net").count() == ROUNDS


def test_a_save_and_a_removal_do_not_both_happen(task: Any) -> None:
    by = actor(task.user, Via.BROWSER)
    seen = object_version(Object("0\n"))

    def act(thread: int) -> str:
        if thread % 2:
            remove_object(task=task, name="net", seen=seen, by=by)
            return "removed"
        set_object(task=task, name="net", wanted=Object("1\n"), seen=seen, by=by)
        return "saved"

    found = [each for each in outcomes(act) if isinstance(each, str)]
    assert len(found) == 1
    expected = {} if found == ["removed"] else {"net": Object("1\n")}
    assert stored_configuration(task) == expected
