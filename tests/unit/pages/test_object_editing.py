"""The editor of a configuration object: what is saved is what was typed, or seen."""

from __future__ import annotations

import html as html_text
import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project
from experiments.operations.configurations import object_version
from experiments.operations.documents import Object
from experiments.operations.reverting import revert_change
from experiments.operations.status import change_status
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.object_pages import OBJECTS, YAML, address, get, save, stored
from tests.people import ProtocolClient


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(project, configuration=OBJECTS)


class TestEditing:
    def test_a_save_is_stored_and_leads_back(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "net", text="lr: 0.2\n", description="new")
        assert response.status_code == 302
        assert response["Location"].endswith("?object=net#object-1")
        assert stored(task, "net") == Object("lr: 0.2\n", "yaml", "new")

    @pytest.mark.parametrize(
        "text",
        ["a\r\nb\r\n", "a\nb", "a\r\nb\nc\rd", "\ufeffa: 1\n", "\n\na\n", "\r\n\r\na", "a\r",
         "", "\n", " \t\n x ", "</textarea><script>alert(1)</script>", "é\u2028x\u202ey\x0c\n"],
    )  # fmt: skip
    def test_what_nobody_typed_stays_byte_for_byte(
        self, alice_client: Client, project: Project, text: str
    ) -> None:
        task = make_task(project, configuration={"x": Object(text, "text", "old")})
        page = get(alice_client, task, "object/edit/", name="x")
        area = page.split('name="text"', 1)[1].split(">\n", 1)[1].split("</textarea>")[0]
        assert html_text.unescape(area) == text
        assert save(alice_client, task, "x", description="new").status_code == 302
        assert stored(task, "x") == Object(text, "text", "new")

    def test_edited_lines_keep_the_line_ends(self, alice_client: Client, task: Any) -> None:
        save(alice_client, task, "notes", text="plain\r\nnew\r\ntext")
        assert stored(task, "notes") == Object("plain\r\nnew\r\ntext", "text")

    def test_a_fault_is_pointed_at_and_may_be_saved(self, alice_client: Client, task: Any) -> None:
        text = "a: 1\nb: [1, 2\nc: 3\n"
        response = save(alice_client, task, "net", text=text)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Line 3, column 2" in page and "<mark>:</mark>" in page
        assert "b: [1, 2\nc: 3" in page.replace("\r\n", "\n")
        assert stored(task, "net") == Object(YAML, "yaml", "the network")
        assert save(alice_client, task, "net", text=text, do="anyway").status_code == 302
        assert stored(task, "net") == Object(text, "yaml", "the network")

    def test_a_fault_that_was_there_before_is_no_obstacle(
        self, alice_client: Client, project: Project
    ) -> None:
        task = make_task(project, configuration={"x": Object("a: [1\nb: 2\n", "yaml")})
        assert save(alice_client, task, "x", description="broken").status_code == 302

    def test_a_stale_save_shows_both_and_overwrites_when_told(
        self, alice_client: Client, task: Any, api: ProtocolClient
    ) -> None:
        seen = object_version(stored(task, "net"))
        item = {"name": "net", "type": "yaml", "value": YAML.replace("0.1", "0.3")}
        api.data("tasks.edit", {"task": task.uid, "configuration": {"net": item}})
        mine = YAML.replace("0.1", "0.2")
        response = save(alice_client, task, "net", text=mine, seen=seen)
        page = response.content.decode()
        assert response.status_code == 409
        assert "lr: 0.<mark>3</mark>" in page and "lr: 0.<mark>2</mark>" in page
        assert stored(task, "net").value == item["value"]  # type: ignore[union-attr]
        now = re.search(r'name="seen" value="(\w+)"', page)
        assert now and save(alice_client, task, "net", text=mine, seen=now[1]).status_code == 302
        assert stored(task, "net").value == mine  # type: ignore[union-attr]

    def test_one_deleted_meanwhile_can_be_added_again(
        self, alice_client: Client, task: Any
    ) -> None:
        seen = object_version(stored(task, "net"))
        assert save(alice_client, task, "net", do="remove").status_code == 302
        body = {"name": "net", "seen_name": "net", "seen": seen, "text": "a: 2\r\n", "type": "yaml"}
        response = alice_client.post(address(task, "object/edit/"), body)
        assert (
            response.status_code == 409 and b"deleted or renamed it meanwhile" in response.content
        )
        again = alice_client.post(address(task, "object/edit/"), body | {"seen": ""})
        assert again.status_code == 302 and stored(task, "net") == Object("a: 2\n", "yaml")

    def test_rename_and_taken_names(self, alice_client: Client, task: Any) -> None:
        body = {"seen_name": "net", "seen": object_version(stored(task, "net"))}
        response = save(alice_client, task, "notes", text=YAML, **body)
        assert response.status_code == 422 and b"there is an object" in response.content.lower()
        assert save(alice_client, task, "renamed", text=YAML, **body).status_code == 302
        assert stored(task, "net") is None and stored(task, "renamed").value == YAML  # type: ignore[union-attr]

    def test_a_new_one_needs_a_free_name(self, alice_client: Client, task: Any) -> None:
        assert save(alice_client, task, "new one", text="x", type="text").status_code == 302
        assert stored(task, "new one") == Object("x", "text", None)
        for name in ("", "net", "a" * 1_025):
            response = save(alice_client, task, name, text="kept typing", seen="", seen_name="")
            assert response.status_code == 422 and b"kept typing" in response.content

    def test_type_and_description_are_in_the_history_and_can_go_back(
        self, alice_client: Client, alice: Any, task: Any
    ) -> None:
        save(alice_client, task, "net", type="text", description="other")
        entries = HistoryEntry.objects.filter(task=task, key="net").order_by("pk")
        assert [(e.old, e.new) for e in entries] == [("yaml", "text"), ("the network", "other")]
        for entry in entries:
            revert_change(task=task, entry=entry.pk, by=actor(alice))
        assert stored(task, "net") == Object(YAML, "yaml", "the network")

    def test_ten_megabytes_can_be_saved(self, alice_client: Client, project: Project) -> None:
        text = "".join(f'key{n} = "some text of a line"\r\n' for n in range(290_000))
        assert 9_000_000 < len(text) < 11_000_000
        task = make_task(project, configuration={"big": Object(text, "text")})
        assert save(alice_client, task, "big", text=text + "end").status_code == 302
        assert stored(task, "big").value == text + "end"  # type: ignore[union-attr]

    def test_viewers_and_finished_experiments_get_a_sentence(
        self, alice_client: Client, bob_client: Client, alice: Any, task: Any
    ) -> None:
        assert "editing needs editor" in get(bob_client, task, "object/edit/", name="net")
        assert save(bob_client, task, "net", text="x").status_code == 403
        change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
        page = get(alice_client, task, "object/edit/", name="net")
        assert "can be edited in a draft only" in page and "<textarea" not in page
        response = save(alice_client, task, "net", text="x: 1\n")
        assert response.status_code == 422 and stored(task, "net").value == YAML  # type: ignore[union-attr]
