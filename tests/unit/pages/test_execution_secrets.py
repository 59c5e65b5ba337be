"""EXECUTION masks secrets; who may reveal them is recorded."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project, Task
from experiments.rules.redaction import MASK
from tests.factories import make_task
from tests.unit.pages.execution_page import HTMX, address, facts, form_of, lines, page, script_task


class TestSecrets:
    SECRETS = ("hunter2secret", "hunter3secret", "hunter4secret", "hunter5secret", "hunter6secret")

    @pytest.fixture
    def task(self, project: Project) -> Task:
        return make_task(
            project,
            script={
                "repository": "https://amy:hunter2secret@github.com/a/b.git",
                "diff": '+++ b/x\n+password = "hunter3secret"\n+lr = 0.1\n',
                "requirements": {"pip": "git+https://amy:hunter6secret@host/x.git\n"},
            },
            container={
                "arguments": "-e DB_PASSWORD=hunter4secret --ipc=host",
                "setup_shell_script": "export API_KEY=hunter5secret\npip install x\n",
            },
        )

    def reveal(self, client: Client, task: Task, **sent: str) -> str:
        response = client.post(address(task, "reveal/"), sent, headers=HTMX)
        assert response.status_code == 200, response.content
        return response.content.decode()

    def revealed(self, task: Task) -> list[str]:
        entries = HistoryEntry.objects.filter(task=task, what="reveal").order_by("id")
        return list(entries.values_list("key", flat=True))

    @pytest.mark.parametrize("path", ["", "changes/?file=0", "download/", "edit/?group=code",
                                      "edit/?group=container", "edit/?group=changes",
                                      "edit/?group=packages"])  # fmt: skip
    def test_they_are_masked(self, alice_client: Client, task: Task, path: str) -> None:
        text = alice_client.get(address(task, path)).content.decode()
        assert MASK in text
        assert not [secret for secret in self.SECRETS if secret in text]

    def test_the_rest_stays(self, bob_client: Client, task: Task) -> None:
        text = page(bob_client, task)
        assert facts(text)["Repository"].startswith(f"https://{MASK}@github.com/a/b.git")
        assert facts(text)["Arguments"].startswith(f"-e DB_PASSWORD={MASK} --ipc=host")
        assert "<div>pip install x</div>" in text
        assert "+lr = 0.1" in text
        assert "reveal" not in text.lower()

    def test_an_editor_may_see_a_group_which_is_recorded(
        self, alice_client: Client, task: Task
    ) -> None:
        text = self.reveal(alice_client, task, group="container")
        assert "hunter4secret" in text
        assert "hunter5secret" in text
        assert self.revealed(task) == ["container.arguments", "container.setup_shell_script"]
        history = alice_client.get(f"/experiments/{task.uid}/history/").content.decode()
        assert "Secret shown" in history
        assert "hunter" not in history

    def test_lines_of_the_changes_are_revealed_where_they_are(
        self, alice_client: Client, task: Task
    ) -> None:
        text = self.reveal(
            alice_client, task, group="changes", file="0", **{"from": "1"}, lines="1"
        )
        assert [line[3] for line in lines(text)] == ["+password = &quot;hunter3secret&quot;"]
        assert self.revealed(task) == ["script.diff"]

    def test_a_key_of_many_lines_is_masked_in_every_piece(
        self, alice_client: Client, project: Project
    ) -> None:
        key = "".join(f"+{'A1b2' * 15}{number:04}\n" for number in range(30))
        diff = f"+++ b/x\n+-----BEGIN RSA PRIVATE KEY-----\n{key}+-----END RSA PRIVATE KEY-----\n"
        task = script_task(project, repository="x", diff=diff)
        text = alice_client.get(address(task, "changes/?file=0&from=10")).content.decode()
        assert len(lines(text)) == 23
        assert "A1b2" not in text

    def test_a_form_opens_only_after_revealing(self, alice_client: Client, task: Task) -> None:
        text = alice_client.get(address(task, "edit/?group=changes")).content.decode()
        assert "Reveal and edit" in text
        assert " readonly" in text
        text = self.reveal(alice_client, task, group="changes", do="edit")
        assert "+password = &quot;hunter3secret&quot;" in text
        assert " readonly" not in text
        assert self.revealed(task) == ["script.diff"]

    def test_an_editor_gets_the_file_byte_for_byte_which_is_recorded(
        self, alice_client: Client, task: Task
    ) -> None:
        response = alice_client.post(address(task, "download/"))
        assert response.content.decode() == task.script["diff"]
        assert self.revealed(task) == ["script.diff"]

    def test_viewers_may_not(self, bob_client: Client, task: Task) -> None:
        for path in ("reveal/", "download/"):
            assert bob_client.post(address(task, path), {"group": "code"}).status_code == 403
        assert self.revealed(task) == []

    def test_a_secret_that_others_set_meanwhile_is_not_shown(
        self, alice_client: Client, task: Task
    ) -> None:
        sent = {"group": "code", "seen": "{}", "script.repository": "mine"}
        response = alice_client.post(address(task, "edit/"), sent)
        assert response.status_code == 409
        assert "hunter2secret" not in response.content.decode()
        again = json.loads(form_of(response.content.decode())["seen"])
        assert "script.repository" not in again
