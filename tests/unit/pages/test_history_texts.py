"""HISTORY of long texts: the lines that changed, without their secrets, quick at any length."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project, Task, Via
from experiments.operations.configurations import object_version, set_object
from experiments.operations.documents import Object
from experiments.operations.execution import set_execution
from experiments.rules.execution import version
from experiments.rules.redaction import MASK
from tests.factories import actor, make_task

DIFF = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"


def execution(task: Task, field: str, old: str, new: str) -> None:
    by = actor(task.user, Via.BROWSER)
    set_execution(task=task, changes={field: new}, seen={field: version(old)}, by=by)


def page(client: Client, task: Task, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/history/{query}")
    assert response.status_code == 200
    return response.content.decode()


def lines(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<span class="line (\w+)">(.*?)\n</span>', text)


def test_a_diff_shows_what_changed_in_it(alice_client: Client, project: Project) -> None:
    task = make_task(project, script={"repository": "x", "diff": DIFF})
    execution(task, "script.diff", DIFF, DIFF.replace("+b", "+<c>"))
    text = page(alice_client, task)
    assert lines(text) == [("gu", "Line 5"), ("gd", "-+b"), ("gi", "++&lt;c&gt;")]
    assert "<bdi>Uncommitted changes</bdi>" in text
    assert "key=script.diff" in text


def test_a_configuration_object_too(alice_client: Client, project: Project) -> None:
    task = make_task(project, configuration={"net": Object("a: 1\nb: 2\n", "yaml")})
    set_object(
        task=task, name="net", wanted=Object("a: 1\n" + "c: 3\n" * 40, "yaml"),
        seen=object_version(Object("a: 1\nb: 2\n", "yaml")), by=actor(task.user, Via.BROWSER),
    )  # fmt: skip
    text = page(alice_client, task)
    assert lines(text)[:3] == [("gu", "Line 2"), ("gd", "-b: 2"), ("gi", "+c: 3")]
    assert ">and more<" in text


@pytest.mark.parametrize(
    ("field", "old", "new", "rest"),
    [
        ("script.diff", DIFF, DIFF + '+password = "hunter2secret"\n', f"+password = &quot;{MASK}"),
        ("script.repository", "", "https://amy:hunter2secret@h/x.git", f"https://{MASK}@h/x.git"),
        ("container.arguments", "--ipc=host", "-e DB_PASSWORD=hunter2secret", "--ipc=host"),
        ("container.setup_shell_script", "a\n", "a\nexport API_KEY=hunter2secret\n", "export"),
    ],
)
def test_secrets_are_masked_and_the_rest_stays(
    alice_client: Client, project: Project, field: str, old: str, new: str, rest: str
) -> None:
    part, name = field.split(".")
    task = make_task(project, **{part: {name: old}})
    execution(task, field, old, new)
    text = page(alice_client, task)
    assert MASK in text
    assert rest in text
    assert "hunter2secret" not in text


def test_only_the_beginning_of_long_texts_is_read(alice_client: Client, project: Project) -> None:
    old = "+line\n" * 300_000
    task = make_task(project, script={"repository": "x", "diff": old})
    execution(task, "script.diff", old, f"{old}+x\n")
    execution(task, "script.diff", f"{old}+x\n", f"+first\n{old}")
    text = page(alice_client, task)
    assert lines(text)[:2] == [("gu", "Line 1"), ("gi", "++first")]
    assert "further down" in text
    assert len(text) < 40_000
    assert HistoryEntry.objects.get(new=f"{old}+x\n")


def test_it_is_undone_from_the_page(alice_client: Client, project: Project) -> None:
    task = make_task(project, script={"branch": "main"})
    execution(task, "script.branch", "main", "dev")
    text = page(alice_client, task, "?key=script.branch")
    assert "Changes of <code><bdi>Branch</bdi></code>" in text
    [entry] = re.findall(r'name="entry" value="(\d+)" title="Give', text)
    [seen] = re.findall(r'name="seen" value="(\d+)"', text)
    alice_client.post(f"/experiments/{task.uid}/history/revert/", {"entry": entry, "seen": seen})
    task.refresh_from_db()
    assert task.script == {"branch": "main"}
