"""The column of changes from the parent, and where its cells lead."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import Project, Task, User
from experiments.operations.documents import Object
from tests.factories import make_project, make_task

COLUMNS = "?columns=name,changes,edited,Args/lr"


@pytest.fixture
def child(project: Project) -> Task:
    parent = make_task(project, name="parent", parameters={"Args/lr": "0.1", "Args/n": "1"})
    return make_task(
        project, name="child", parent=parent, parameters={"Args/lr": "0.5", "Args/n": "1"},
        configuration={"net": Object("a = 1")},
    )  # fmt: skip


def table(client: Client, project: Project, query: str = COLUMNS) -> str:
    response = client.get(f"/projects/{project.uid}/experiments/{query}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def cells(text: str, column: str) -> list[str]:
    return re.findall(rf'<td data-column="{column}"[^>]*>(.*?)</td>', text)


def test_it_counts_and_leads_to_what_was_changed(
    alice_client: Client, project: Project, child: Task
) -> None:
    found = cells(table(alice_client, project), "changes")
    assert [re.sub(r"<span.*", "", cell) for cell in found] == [
        f'<a href="/experiments/{child.uid}/configuration/#parent-changes">2', ""
    ]  # fmt: skip


def test_it_is_offered_and_cannot_be_sorted_by(
    alice_client: Client, project: Project, child: Task
) -> None:
    text = table(alice_client, project)
    header = text.split('data-column="changes"')[1].split("</th>")[0]
    assert "href" not in header
    assert "aria-sort" not in header
    chooser = alice_client.get(f"/projects/{project.uid}/experiments/columns/").content.decode()
    assert 'value="changes"' in chooser
    sorted_by_it = table(alice_client, project, f"{COLUMNS}&order=changes")
    assert "nothing to filter or sort by" in sorted_by_it
    filtered = alice_client.get(f"/projects/{project.uid}/experiments/?filter=changes > 1")
    assert filtered.status_code == 422
    assert "nothing to filter or sort by" in filtered.content.decode()


def test_a_parent_one_may_not_see_counts_for_nothing(
    alice_client: Client, bob_client: Client, alice: User, project: Project
) -> None:
    hidden = make_task(make_project(owner=alice), parameters={"Args/lr": "1"})
    make_task(project, parent=hidden)
    assert cells(table(bob_client, project), "changes") == [""]
    assert "1<span" in cells(table(alice_client, project), "changes")[0]


def test_edited_after_the_run_leads_to_the_history(
    alice_client: Client, project: Project, child: Task
) -> None:
    Task.objects.filter(pk=child.pk).update(edited_after_run=True)
    found = cells(table(alice_client, project), "edited")[0]
    assert f'href="/experiments/{child.uid}/history/"' in found


def test_it_costs_the_same_however_many_rows(
    alice_client: Client, project: Project, child: Task, django_assert_max_num_queries: object
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(60) as captured:  # type: ignore[operator]
            table(alice_client, project)
        return len(captured)

    table(alice_client, project)
    few = queries()
    for number in range(20):
        make_task(project, parent=child, parameters={"Args/lr": str(number)})
    assert queries() == few
