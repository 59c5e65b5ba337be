from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import Project, Role, Task
from experiments.operations.status import change_status
from experiments.rules.redaction import MASK
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task
from webui.info import masked_line


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
    assert headings(html) == ["Description", "Experiment", "Status", "Times"]
    found = facts(html)
    assert found["Id"].startswith(task.uid)
    assert (found["Status"], found["Type"], found["Tags"]) == ("Draft", "training", "prod")
    assert (found["Project"], found["User"], found["Archived"]) == ("vision", "alice", "No")
    assert found["Created"].startswith("2026-01-15 12:00:00 UTC")
    assert "Worker" not in found
    assert '<p class="prose">one\ntwo</p>' in html


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


def test_machine_and_container(alice_client: Client, project: Project) -> None:
    task = make_task(
        project,
        runtime={"hostname": "gpu-1", "gpu_count": 2, "of its own": {"deep": True}},
        container={"image": "python:3.11", "setup_shell_script": "apt update\napt install x"},
    )
    html = page(alice_client, task)
    found = facts(html)
    assert (found["Host"], found["GPUs"], found["of its own/deep"]) == ("gpu-1", "2", "true")
    assert found["Image"] == "python:3.11"
    assert "<div>apt install x</div>" in html


def test_code_packages_and_changes(alice_client: Client, project: Project) -> None:
    diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old <b>\n+new\n same\n"
    task = make_task(
        project,
        script={
            "repository": "https://github.com/a/b.git", "version_num": "abc123", "diff": diff,
            "requirements": {"pip": "# Python 3.11\n\nclearml == 2.1\nnumpy == 2.0\n"},
        },
    )  # fmt: skip
    html = page(alice_client, task)
    assert 'href="https://github.com/a/b.git"' in html
    assert facts(html)["Commit"].startswith("abc123")
    assert "2 packages" in html
    for line in ('<div class="gd">-old &lt;b&gt;</div>', '<div class="gi">+new</div>',
                 '<div class="gu">@@ -1 +1 @@</div>', "<div> same</div>"):  # fmt: skip
        assert line in html


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "https://[x", "git@a:b"]
)
def test_only_web_addresses_are_links(alice_client: Client, project: Project, address: str) -> None:
    task = make_task(project, script={"repository": address})
    html = page(alice_client, task)
    assert facts(html)["Repository"] == address
    assert f'href="{address}' not in html


def test_secrets_are_masked_and_the_rest_stays(alice_client: Client, project: Project) -> None:
    secret = "ghp_" + "a1B2" * 9
    task = make_task(
        project,
        runtime={"api_key": "q9w8e7r6t5z4"},
        script={
            "repository": "https://amy:hunter2secret@github.com/a/b.git",
            "diff": f'+password = "hunter3secret"\n+push("{secret}")\n+lr = 0.1\n',
        },
        container={"arguments": "-e DB_PASSWORD=hunter4secret"},
    )
    html = page(alice_client, task)
    for text in ("q9w8e7r6t5z4", "hunter2secret", "hunter3secret", "hunter4secret", secret):
        assert text not in html
    assert facts(html)["Repository"] == f"https://{MASK}@github.com/a/b.git"
    assert f"+password = {MASK}" in html
    assert "+lr = 0.1" in html


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("+  api_key: abcd1234", f"+  api_key: {MASK}"),
        ("-export DB_PASSWORD=hunter2", f"-export DB_PASSWORD={MASK}"),
        ("-e API_KEY='a b' -e A=1", f"-e API_KEY={MASK} -e A=1"),
        ("+connect(password='x1', user='amy')", f"+connect(password={MASK}, user='amy')"),
        ("+max_tokens = 512", "+max_tokens = 512"),
        ("+password = None", "+password = None"),
        ("", ""),
        ("+", "+"),
    ],
)
def test_lines_of_code_are_masked_from_the_value_on(line: str, shown: str) -> None:
    assert masked_line(line) == shown


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


def test_a_long_diff_is_folded_and_bounded(alice_client: Client, project: Project) -> None:
    task = make_task(project, script={"diff": "+x\n" * 100_000})
    html = page(alice_client, task)
    assert '<details class="fold"><summary>' in html
    assert "100,000 more characters are not shown." in html


def test_strangers_find_no_info(charlie_client: Client, project: Project) -> None:
    assert charlie_client.get(f"/experiments/{make_task(project).uid}/info/").status_code == 404
