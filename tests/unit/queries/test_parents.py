"""What a clone changed from the task it came from."""

from __future__ import annotations

import pytest

from experiments.models import Task
from experiments.operations.documents import Object
from experiments.queries.access import scope_for, task_for
from experiments.queries.parents import change_counts, changes_from_parent, changes_from_parents
from experiments.queries.tasks import task_page
from tests.factories import make_project, make_task, make_user


@pytest.fixture
def parent(project):
    return make_task(
        project,
        parameters={"Args/lr": "0.1", "Args/n": "3", "Net/d": "8", "properties/owner": "amy"},
        configuration={"net": Object("a = 1"), "same": Object("x")},
    )


def child_of(parent, **fields):
    child = make_task(parent.project, parent=parent, **fields)
    return Task.objects.select_related("parent").get(pk=child.pk)


def test_changed_added_and_removed_parameters_and_objects(parent, alice):
    child = child_of(
        parent,
        parameters={"Args/lr": "0.5", "Args/n": "3", "Args/new": "1", "properties/owner": "bo"},
        configuration={"net": Object("a = 2"), "same": Object("x", "txt")},
    )
    changes = changes_from_parent(alice, child)
    assert [(d.key, d.old and d.old.value, d.new and d.new.value) for d in changes.parameters] == [
        ("Args/lr", "0.1", "0.5"), ("Args/new", None, "1"), ("Net/d", "8", None)
    ]  # fmt: skip
    assert [tuple(d) for d in changes.objects] == [("net", "a = 1", "a = 2")]
    assert changes.count == 4


def test_an_unchanged_clone_has_no_changes(parent, alice):
    child = child_of(parent, hyperparams=parent.hyperparams, configuration={
        "net": Object("a = 1"), "same": Object("x")})  # fmt: skip
    assert changes_from_parent(alice, child).count == 0


def test_a_parent_one_may_not_see_is_as_good_as_none(project, alice, bob):
    hidden = make_task(make_project(owner=alice), parameters={"Args/lr": "1"})
    child = make_task(project, parent=hidden)
    child = Task.objects.select_related("parent").get(pk=child.pk)
    assert changes_from_parent(alice, child) is not None
    assert changes_from_parent(bob, child) is None


def test_a_table_asks_a_fixed_number_of_questions(parent, alice, django_assert_max_num_queries):
    stranger = make_user()
    children = [child_of(parent, parameters={"Args/lr": str(n)}) for n in range(12)]
    with django_assert_max_num_queries(5):
        assert len(changes_from_parents(alice, children)) == 12
    assert changes_from_parents(stranger, children) == {}


def test_a_parent_one_may_not_see_is_named_nowhere(project, alice, bob, bob_api, bob_client):
    hidden = make_task(make_project(owner=alice), name="secret parent")
    child = make_task(project, parent=hidden)
    assert task_for(alice, child.uid).parent == hidden
    assert task_for(bob, child.uid).parent is None
    [listed] = task_page(scope_for(bob)).tasks
    assert listed.parent is None
    wire = bob_api.data("tasks.get_all_ex", {"id": [child.uid]})["tasks"][0]
    assert wire["parent"] is None
    for path in ("configuration", "info"):
        page = bob_client.get(f"/experiments/{child.uid}/{path}/")
        assert page.status_code == 200
        assert b"secret parent" not in page.content and hidden.uid.encode() not in page.content


def test_a_table_counts_what_the_page_shows(parent, alice, django_assert_num_queries):
    fields = [
        {"parameters": {"Args/lr": "0.5"}, "configuration": {"net": Object("a = 2")}},
        {"hyperparams": parent.hyperparams, "configuration": {
            "net": Object("a = 1"), "same": Object("x", "another type")}},
        {"configuration": {"net": Object("ü" * 100_000), "new": Object("")}},
        {},
    ]  # fmt: skip
    children = [child_of(parent, **each) for each in fields]
    with django_assert_num_queries(2):
        counts = change_counts([*children, parent])
    shown = changes_from_parents(alice, children)
    assert counts == {child.pk: shown[child.pk].count for child in children}
    assert counts[children[1].pk] == 0
