"""The forms of EXECUTION: what they keep, refuse, and hand to an agent."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import Project, Task
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.people import ProtocolClient
from tests.unit.pages.execution_page import DIFF, HTMX, address, facts, form_of, page, script_task


class TestEditing:
    SCRIPT = {"repository": "https://example.org/a.git", "branch": "main", "diff": DIFF,
              "requirements": {"pip": "numpy\n"}, "of its own": 1}  # fmt: skip

    @pytest.fixture
    def task(self, project: Project) -> Task:
        return make_task(project, script=self.SCRIPT, container={"image": "python:3.11"})

    def open(self, client: Client, task: Task, group: str) -> dict[str, str]:
        return form_of(page(client, task, f"edit/?group={group}"))

    def save(
        self, client: Client, task: Task, sent: dict[str, str], **headers: str
    ) -> tuple[int, str]:
        response = client.post(address(task, "edit/"), sent, headers=headers)
        task.refresh_from_db()
        return response.status_code, response.headers.get("Location", response.content.decode())

    def test_a_plain_form_saves_and_leads_back(self, alice_client: Client, task: Task) -> None:
        sent = self.open(alice_client, task, "code") | {"script.branch": "dev"}
        place = f"{address(task)}#execution-code"
        assert self.save(alice_client, task, sent) == (302, place)
        assert task.script == self.SCRIPT | {"branch": "dev"}

    def test_htmx_gets_the_group_alone(self, alice_client: Client, task: Task) -> None:
        opened = alice_client.get(address(task, "edit/?group=code"), headers=HTMX)
        assert "<html" not in opened.content.decode()
        sent = self.open(alice_client, task, "code") | {"script.branch": "dev"}
        status, text = self.save(alice_client, task, sent, **HTMX)
        assert (status, facts(text)["Branch"]) == (200, "dev")
        assert "<html" not in text
        group = alice_client.get(address(task, "?group=container"), headers=HTMX)
        assert facts(group.content.decode()) == {"Image": "python:3.11"}

    @pytest.mark.parametrize("group", ["code", "changes", "packages", "container", "output"])
    def test_unchanged_it_changes_nothing(
        self, alice_client: Client, task: Task, group: str
    ) -> None:
        before = task.last_change
        assert self.save(alice_client, task, self.open(alice_client, task, group))[0] == 302
        assert (task.script, task.container, task.last_change) == (
            self.SCRIPT, {"image": "python:3.11"}, before,
        )  # fmt: skip

    @pytest.mark.parametrize("diff", ["\n\n+a\n", "+a\r\n+b\n", "+a\rb", "+a\n+b", " \n"])
    def test_what_a_field_cannot_hold_is_kept(
        self, alice_client: Client, project: Project, diff: str
    ) -> None:
        task = script_task(project, repository="x", diff=diff)
        assert self.save(alice_client, task, self.open(alice_client, task, "changes"))[0] == 302
        assert task.script["diff"] == diff

    def test_line_ends_survive_an_edit_beside_them(
        self, alice_client: Client, project: Project
    ) -> None:
        task = script_task(project, repository="x", diff="--- a\n+++ b\n+one\r\n+two\r\n")
        sent = self.open(alice_client, task, "changes")
        sent["script.diff"] = sent["script.diff"].replace("+two", "+2")
        assert self.save(alice_client, task, sent)[0] == 302
        assert task.script["diff"].startswith("--- a\n+++ b\n+one\r\n+2")

    def test_a_conflict_shows_both_and_keeps_the_typing(
        self, alice_client: Client, task: Task
    ) -> None:
        typed = {"script.branch": "mine", "script.tag": "v1"}
        sent = self.open(alice_client, task, "code") | typed
        edit_task(task=task, changes={"script": {"branch": "theirs"}}, by=actor(task.user))
        status, text = self.save(alice_client, task, sent)
        assert (status, task.script["branch"], "tag" in task.script) == (409, "theirs", False)
        assert re.findall(r"<dd><code><bdi>(.*?)</bdi>", text) == ["theirs", "mine"]
        again = form_of(text)
        assert (again["script.branch"], again["script.tag"]) == ("mine", "v1")
        assert self.save(alice_client, task, again)[0] == 302
        assert (task.script["branch"], task.script["tag"]) == ("mine", "v1")

    def test_what_others_change_elsewhere_stays(self, alice_client: Client, task: Task) -> None:
        sent = self.open(alice_client, task, "code") | {"script.tag": "v1"}
        edit_task(task=task, changes={"script": {"branch": "theirs"}}, by=actor(task.user))
        assert self.save(alice_client, task, sent)[0] == 302
        assert (task.script["branch"], task.script["tag"]) == ("theirs", "v1")

    @pytest.mark.parametrize("seen", ["", "[]", "{", "null", '{"script.branch": 1}'])
    def test_without_what_was_seen_nothing_is_overwritten(
        self, alice_client: Client, task: Task, seen: str
    ) -> None:
        sent = self.open(alice_client, task, "code") | {"seen": seen, "script.branch": "dev"}
        assert self.save(alice_client, task, sent)[0] == 409
        assert task.script == self.SCRIPT

    @pytest.mark.parametrize("bad", ["nul\0", "two\r\nlines"])
    def test_a_bad_text_is_said_at_its_field(
        self, alice_client: Client, task: Task, bad: str
    ) -> None:
        typed = {"script.branch": bad, "script.tag": "v1"}
        sent = self.open(alice_client, task, "code") | typed
        status, text = self.save(alice_client, task, sent)
        assert (status, task.script) == (422, self.SCRIPT)
        field = text.split('data-field="script.branch"')[1].split("data-field")[0]
        assert 'role="alert"' in field
        assert 'name="script.tag" value="v1"' in text

    def test_a_status_that_changed_meanwhile_is_said_with_the_typing(
        self, alice_client: Client, task: Task
    ) -> None:
        sent = self.open(alice_client, task, "code") | {"script.branch": "dev"}
        change_status(task=task, to=Status.QUEUED, by=actor(task.user))
        status, text = self.save(alice_client, task, sent)
        assert (status, task.script) == (422, self.SCRIPT)
        assert "can be edited in a draft only" in text
        assert 'name="script.branch" value="dev"' in text

    def test_what_is_no_draft_offers_no_edit(self, alice_client: Client, task: Task) -> None:
        Task.objects.filter(pk=task.pk).update(status=Status.COMPLETED)
        text = page(alice_client, task)
        assert "It is Completed; how it is run can be edited in a draft only." in text
        assert "edit/?group" not in text
        group = alice_client.get(address(task, "edit/?group=code"), headers=HTMX).content.decode()
        assert 'data-execution="code"' in group
        assert "<form" not in group
        answer = alice_client.get(address(task, "edit/?group=code"))
        assert answer.headers["Location"] == f"{address(task)}#execution-code"

    def test_viewers_may_not(self, bob_client: Client, task: Task) -> None:
        assert "edit/?group" not in page(bob_client, task)
        assert bob_client.get(address(task, "edit/?group=code")).status_code == 302
        sent = {"group": "code", "script.branch": "dev", "seen": "{}"}
        assert bob_client.post(address(task, "edit/"), sent).status_code == 403

    @pytest.mark.parametrize("group", ["", "other", "__class__"])
    def test_an_unknown_group_is_not_found(
        self, alice_client: Client, task: Task, group: str
    ) -> None:
        assert alice_client.get(address(task, f"edit/?group={group}")).status_code == 404
        assert alice_client.post(address(task, "edit/"), {"group": group}).status_code == 404

    def test_a_diff_of_ten_megabytes_is_saved(self, alice_client: Client, task: Task) -> None:
        big = "".join(f"+line {number} of many\n" for number in range(450_000))
        sent = self.open(alice_client, task, "changes") | {"script.diff": big.replace("\n", "\r\n")}
        assert self.save(alice_client, task, sent)[0] == 302
        assert task.script["diff"] == big

    def test_an_agent_reads_what_was_edited(
        self, alice_client: Client, api: ProtocolClient, task: Task
    ) -> None:
        for group, typed in (
            ("code", {"script.branch": "dev", "script.version_num": ""}),
            ("container", {"container.image": "python:3.12", "container.arguments": "--ipc=host",
                           "container.setup_shell_script": "apt update\r\n"}),
            ("packages", {"script.requirements.pip": "torch\r\n"}),
            ("output", {"output.destination": "s3://bucket"}),
        ):  # fmt: skip
            sent = self.open(alice_client, task, group) | typed
            assert self.save(alice_client, task, sent)[0] == 302
        found = api.data("tasks.get_by_id", {"task": task.uid})["task"]
        assert found["script"] == self.SCRIPT | {
            "branch": "dev", "requirements": {"pip": "torch\n"}
        }  # fmt: skip
        assert found["container"] == {"image": "python:3.12", "arguments": "--ipc=host",
                                      "setup_shell_script": "apt update\n"}  # fmt: skip
        assert found["output"] == {"destination": "s3://bucket"}
