"""Copying the configuration out: what is chosen, formats, downloads, secrets and their record."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
import yaml
from django.test import Client

from experiments.models import HistoryEntry, Project
from experiments.rules.copying import Copy
from experiments.rules.document import Item
from tests.factories import make_task

HTMX = {"HX-Request": "true"}
TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123"


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(
        project,
        name="ViT / base",
        parameters={
            "Args/lr": Item("1e-05", "float"),
            "Args/model/dim": Item("8", "int"),
            "Args/hub_token": Item(TOKEN, "str"),
            "General/note": Item("a\r\nb\x1b[0m <i>"),
            "General/db.password": Item("hunter2"),
            "properties/owner": Item("amy"),
        },
    )


def address(task: Any) -> str:
    return f"/experiments/{task.uid}/configuration/copy/"


def copied(client: Client, task: Any, **choice: Any) -> str:
    """The text of the download, which is what the page shows."""
    response = client.get(address(task), {**choice, "download": "1"})
    assert response.status_code == 200
    return response.content.decode()


def shown_text(page: bytes) -> str:
    pre = page.decode().split('id="copy-text"', 1)[1].split(">", 1)[1].split("</pre>", 1)[0]
    return html.unescape(re.sub(r"<[^>]*>", "", pre))


class TestWhatIsChosen:
    def test_everything_where_nothing_is_named(self, alice_client: Client, task: Any) -> None:
        assert list(json.loads(copied(alice_client, task))) == ["Args", "General", "properties"]

    def test_a_section_without_its_level(self, alice_client: Client, task: Any) -> None:
        text = copied(alice_client, task, section="Args", format="yaml", bare="1")
        assert yaml.safe_load(text)["model"] == {"dim": 8}

    def test_parameters_and_sections_together(self, alice_client: Client, task: Any) -> None:
        text = copied(alice_client, task, section=["properties"], key=["Args/lr", "Args/none"])
        assert json.loads(text) == {"Args": {"lr": 1e-05}, "properties": {"owner": "amy"}}

    def test_nothing_that_is_there(self, alice_client: Client, task: Any) -> None:
        response = alice_client.get(address(task), {"section": "Nope"})
        assert b"Nothing of what was chosen" in response.content

    def test_one_value_exactly(self, alice_client: Client, task: Any) -> None:
        assert copied(alice_client, task, key="General/note", format="value") == "a\r\nb\x1b[0m <i>"

    def test_of_several_there_is_no_single_value(self, alice_client: Client, task: Any) -> None:
        assert json.loads(copied(alice_client, task, format="value"))


class TestThePage:
    @pytest.mark.parametrize("how", list(Copy))
    def test_it_shows_what_the_download_has(
        self, alice_client: Client, task: Any, how: Copy
    ) -> None:
        response = alice_client.get(address(task), {"format": how})
        assert shown_text(response.content) == copied(alice_client, task, format=how)

    def test_the_download_is_a_file_of_plain_text(self, alice_client: Client, task: Any) -> None:
        response = alice_client.get(
            address(task), {"format": "yaml", "section": "Args", "download": "1"}
        )
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["X-Content-Type-Options"] == "nosniff"
        name = f"ViT-base-{task.uid[:8]}-Args.yaml"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'

    def test_an_unknown_format_is_json(self, alice_client: Client, task: Any) -> None:
        assert json.loads(copied(alice_client, task, format="exe"))

    def test_htmx_gets_the_part_for_a_dialog(self, alice_client: Client, task: Any) -> None:
        response = alice_client.get(address(task), headers=HTMX)
        assert response.content.lstrip().startswith(b'<div id="copy"')

    def test_a_stranger_gets_nothing(self, charlie_client: Client, task: Any) -> None:
        assert charlie_client.get(address(task)).status_code == 404
        assert charlie_client.post(address(task)).status_code == 404


class TestSecrets:
    @pytest.mark.parametrize("how", [*Copy, "value"])
    def test_they_are_masked_in_every_format(
        self, alice_client: Client, task: Any, how: str
    ) -> None:
        for choice in ({}, {"key": "Args/hub_token"}):
            text = copied(alice_client, task, format=how, **choice)
            assert TOKEN not in text and "hunter2" not in text

    def test_the_page_says_how_many(self, alice_client: Client, task: Any) -> None:
        page = alice_client.get(address(task)).content.decode()
        assert "2 secrets are masked" in page
        page = alice_client.get(address(task), {"section": "Args"}).content.decode()
        assert "1 secret is masked" in page

    def test_an_editor_gets_the_values_and_the_history_an_entry_for_each(
        self, alice_client: Client, task: Any
    ) -> None:
        response = alice_client.post(address(task), {"format": "yaml"})
        text = shown_text(response.content)
        assert TOKEN in text and "hunter2" in text
        assert response["Cache-Control"] == "no-store"
        entries = HistoryEntry.objects.filter(task=task, what="reveal").values_list(
            "key", "old", "new"
        )
        assert set(entries) == {
            ("Args/hub_token", None, None),
            ("General/db.password", None, None),
        }

    def test_only_what_was_chosen_is_revealed(self, alice_client: Client, task: Any) -> None:
        response = alice_client.post(address(task), {"section": "Args", "download": "1"})
        assert json.loads(response.content)["Args"]["hub_token"] == TOKEN
        assert response["Cache-Control"] == "no-store"
        assert HistoryEntry.objects.filter(task=task, what="reveal").count() == 1

    def test_looking_with_masks_is_not_recorded(self, alice_client: Client, task: Any) -> None:
        copied(alice_client, task)
        assert not HistoryEntry.objects.filter(task=task, what="reveal").exists()

    def test_a_viewer_is_not_offered_them_and_may_not(self, bob_client: Client, task: Any) -> None:
        page = bob_client.get(address(task)).content.decode()
        assert "2 secrets are masked" in page and "Show with secrets" not in page
        response = bob_client.post(address(task))
        assert response.status_code == 403
        assert TOKEN.encode() not in response.content
        assert not HistoryEntry.objects.filter(task=task, what="reveal").exists()
