from __future__ import annotations

import re

from django.test import Client

from experiments.models import Project, Role, Task
from experiments.operations.status import change_status
from experiments.rules.redaction import MASK
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task


def page(client: Client, task: Task) -> str:
    response = client.get(f"/experiments/{task.uid}/info/")
    assert response.status_code == 200
    return response.content.decode()


def facts(html: str) -> dict[str, str]:
    """What is read beside each label."""
    found = re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd>(.*?)</dd>", html)
    return {label: re.sub(r"<[^>]*>", "", value).strip() for label, value in found}


def headings(html: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", html)


def test_the_facts_of_a_draft(alice_client: Client, project: Project) -> None:
    task = make_task(project, name="a draft", tags=["prod"], comment="one\ntwo")
    html = page(alice_client, task)
    assert headings(html) == ["Experiment", "Status", "Times"]
    found = facts(html)
    assert found["Id"].startswith(task.uid)
    assert (found["Status"], found["Type"], found["Tags"]) == ("Draft", "training", "prod")
    assert (found["Project"], found["User"], found["Archived"]) == ("vision", "alice", "No")
    assert found["Created"].startswith("2026-01-15 12:00:00 UTC")
    assert "Worker" not in found


def test_why_and_how_long_it_ran(alice_client: Client, project: Project) -> None:
    task = make_task(project)
    by = actor(task.user)
    change_status(task=task, to=Status.IN_PROGRESS, by=by, now=NOW)
    change_status(
        task=task, to=Status.FAILED, by=by, reason="no memory", message="<killed>",
        now=NOW.replace(hour=13, minute=5),
    )  # fmt: skip
    found = facts(page(alice_client, task))
    assert (found["Status"], found["Reason"]) == ("Failed", "no memory")
    assert found["Message"] == "&lt;killed&gt;"
    assert found["Duration"] == "1h 5m"


def test_machine(alice_client: Client, project: Project) -> None:
    runtime = {"hostname": "gpu-1", "gpu_count": 2, "of its own": {"deep": True},
               "trace": "one\ntwo <b>"}  # fmt: skip
    html = page(alice_client, make_task(project, runtime=runtime))
    found = facts(html)
    assert (found["Host"], found["GPUs"], found["of its own/deep"]) == ("gpu-1", "2", "true")
    assert "<div>two &lt;b&gt;</div>" in html


def test_secrets_are_masked_and_the_rest_stays(alice_client: Client, project: Project) -> None:
    runtime = {"api_key": "q9w8e7r6t5z4", "proxy": "http://amy:hunter2secret@proxy:3128",
               "log": "password=hunter3secret\nlr=0.1"}  # fmt: skip
    html = page(alice_client, make_task(project, runtime=runtime))
    for text in ("q9w8e7r6t5z4", "hunter2secret", "hunter3secret"):
        assert text not in html
    assert facts(html)["proxy"] == f"http://{MASK}@proxy:3128"
    assert f"<div>password={MASK}</div>" in html
    assert "<div>lr=0.1</div>" in html


def test_how_it_is_run_stands_in_execution(alice_client: Client, project: Project) -> None:
    script = {"repository": "https://example.org/a.git", "diff": "+x"}
    html = page(alice_client, make_task(project, script=script, container={"image": "i:1"}))
    assert headings(html) == ["Experiment", "Status", "Times"]


def test_children_are_counted_and_lead_to_their_table(
    alice_client: Client, project: Project
) -> None:
    parent = make_task(project, name="the parent")
    children = [make_task(project, parent=parent, name=f"child {n}") for n in range(2)]
    html = page(alice_client, parent)
    assert facts(html)["Children"] == "2 experiments"
    address = re.search(r'href="([^"]*filter=parent[^"]*)"', html)
    assert address
    table = alice_client.get(address[1].replace("&amp;", "&")).content.decode()
    assert "child 0" in table
    assert "child 1" in table
    assert facts(page(alice_client, children[0]))["Parent"] == "the parent"


def test_children_one_may_not_see_are_not_counted(bob_client: Client, project: Project) -> None:
    parent = make_task(project)
    hidden = make_project("hidden", owner=project.owner)
    make_task(hidden, user=project.owner, parent=parent)
    assert hidden.memberships.filter(role=Role.VIEWER).count() == 0
    assert "Children" not in facts(page(bob_client, parent))


def test_strangers_find_no_info(charlie_client: Client, project: Project) -> None:
    assert charlie_client.get(f"/experiments/{make_task(project).uid}/info/").status_code == 404
