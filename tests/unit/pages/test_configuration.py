"""CONFIGURATION: three panels, exact values, search, objects, masked secrets."""

from __future__ import annotations

import html as html_text
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import HistoryEntry, Project
from experiments.operations.documents import Object
from experiments.operations.locking import unlock_properties
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task

HTMX = {"HX-Request": "true"}
TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123"
YAML = "model:\n  name: resnet50  # a comment\n  layers: [1, 2]\n"


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(
        project,
        name="one",
        parameters={
            "Zeta/first": Item("1", "int", "the first"),
            "Args/lr": Item("0.10", "float", "learning rate"),
            "Args/blank": Item("", "str"),
            "Args/none": Item(None),
            "Args/spaces": Item("  two  spaces\n\ttab  "),
            "Args/hub_token": Item(TOKEN),
            "properties/owner": Item("amy"),
        },
        configuration={"OmegaConf": Object(YAML, "OmegaConf YAML"), "notes": Object("<b>\r\nx")},
    )


def page_of(client: Client, task: Any, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/configuration/{query}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def value_of(page: str, key: str) -> str:
    row = page.split(f'data-param="{key}"', 1)[1].split("</tr>", 1)[0]
    cell = row.split("data-value", 1)[1].split("</td>", 1)[0]
    return html_text.unescape(re.sub(r"<[^>]+>", "", cell.split(">", 1)[1]))


class TestPanels:
    def test_the_three_panels_come_in_order(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task)
        hooks = re.findall(r'data-(?:section|configuration)="([^"]+)"', page)
        assert hooks == ["properties", "Zeta", "Args", "OmegaConf", "notes"]

    def test_rows_show_name_value_type_and_description(
        self, alice_client: Client, task: Any
    ) -> None:
        page = page_of(alice_client, task)
        row = page.split('data-param="Args/lr"', 1)[1].split("</tr>", 1)[0]
        assert 'data-type="float"' in row
        assert "learning rate" in row
        assert value_of(page, "Args/lr") == "0.10"

    def test_values_are_exact(self, alice_client: Client, task: Any) -> None:
        assert value_of(page_of(alice_client, task), "Args/spaces") == "  two  spaces\n\ttab  "

    def test_empty_none_and_absent_differ(self, alice_client: Client, project: Project) -> None:
        """What an empty text stands for is its type's to say."""
        kinds = {
            "Args/text": (Item("", "str"), "empty"),
            "Args/number": (Item("", "float"), "none"),
            "Args/switch": (Item("", "bool"), "none"),
            "Args/untyped": (Item("", None), "none"),
            "Args/list": (Item("", "list"), "empty"),
            "Args/missing": (Item(None), "absent"),
            "Args/word": (Item("None", "str"), "text"),
        }
        task = make_task(project, parameters={key: item for key, (item, _) in kinds.items()})
        page = page_of(alice_client, task)
        for key, (item, kind) in kinds.items():
            row = page.split(f'data-param="{key}"', 1)[1].split("</tr>", 1)[0]
            assert f'data-kind="{kind}"' in row, key
            assert value_of(page, key) == (item.value or "")

    def test_what_cannot_be_edited_says_why(self, bob_client: Client, task: Any) -> None:
        page = page_of(bob_client, task)
        assert "editing needs editor" in page
        assert 'class="edit"' not in page

    def test_a_stranger_gets_nothing(self, charlie_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/"
        assert charlie_client.get(address).status_code == 404

    def test_an_empty_experiment_says_how_to_fill_it(
        self, alice_client: Client, project: Project
    ) -> None:
        page = page_of(alice_client, make_task(project))
        assert "No hyperparameters" in page
        assert "No configuration objects" in page

    def test_queries_do_not_grow(self, alice_client: Client, task: Any, project: Project) -> None:
        big = make_task(
            project,
            parameters={f"Section{i % 9}/p{i}": "x" for i in range(200)},
            configuration={f"object {i}": Object("a: 1") for i in range(9)},
        )
        counts = []
        for found in (task, big):
            with CaptureQueriesContext(connection) as queries:
                page_of(alice_client, found)
            counts.append(len(queries))
        assert counts[1] <= counts[0]


class TestSearch:
    def test_it_marks_hits_and_leaves_the_rest_out(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task, "?q=LEARN")
        assert "<mark>learn</mark>ing rate" in page
        assert "Args/spaces" not in page
        assert 'data-section="Zeta"' not in page

    def test_it_finds_lines_of_objects(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task, "?q=resnet")
        assert 'data-line="2"' in page
        assert "<mark>resnet</mark>50" in page
        assert 'data-line="1"' not in page

    def test_it_does_not_find_secrets(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task, f"?q={TOKEN[:12]}")
        assert "hub_token" not in page
        assert "Nothing contains" in page


class TestSecrets:
    def test_they_are_masked(self, alice_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/"
        for query in ("", "edit/?key=Args/hub_token", "parameter/?key=Args/hub_token"):
            assert TOKEN.encode() not in alice_client.get(address + query, headers=HTMX).content

    def test_an_editor_reveals_and_the_history_knows(self, alice_client: Client, task: Any) -> None:
        response = alice_client.post(
            f"/experiments/{task.uid}/configuration/reveal/", {"key": "Args/hub_token"}
        )
        assert TOKEN.encode() in response.content
        entry = HistoryEntry.objects.get(task=task, what="reveal")
        assert (entry.key, entry.old, entry.new) == ("Args/hub_token", None, None)

    def test_a_viewer_may_not(self, bob_client: Client, task: Any) -> None:
        response = bob_client.post(
            f"/experiments/{task.uid}/configuration/reveal/", {"key": "Args/hub_token"}
        )
        assert response.status_code == 403
        assert TOKEN.encode() not in response.content

    def test_a_conflict_does_not_show_them(self, alice_client: Client, task: Any) -> None:
        response = alice_client.post(
            f"/experiments/{task.uid}/configuration/edit/",
            {"section": "Args", "name": "hub_token", "value": "new", "seen": '"old"'},
            headers=HTMX,
        )
        assert response.status_code == 409
        assert TOKEN.encode() not in response.content


class TestObjects:
    def test_they_are_highlighted_and_escaped(self, alice_client: Client, task: Any) -> None:
        page = page_of(alice_client, task)
        assert '<span class="nt">model</span>' in page
        assert "<b>\r" not in page
        assert "&lt;b&gt;" in page

    def test_the_download_is_byte_for_byte(self, alice_client: Client, task: Any) -> None:
        response = alice_client.get(
            f"/experiments/{task.uid}/configuration/download/", {"name": "notes"}
        )
        assert response.content == b"<b>\r\nx"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] == "application/octet-stream"

    def test_an_unknown_name_is_not_found(self, alice_client: Client, task: Any) -> None:
        for part in ("download/?name", "object/?object"):
            address = f"/experiments/{task.uid}/configuration/{part}=nothing"
            assert alice_client.get(address).status_code == 404

    def test_a_big_one_comes_when_asked_for(self, alice_client: Client, project: Project) -> None:
        big = make_task(project, configuration={"big": Object("key: value\n" * 900_000)})
        page = page_of(alice_client, big)
        assert len(page) < 40_000
        assert "9.4 MB" in page
        response = alice_client.get(
            f"/experiments/{big.uid}/configuration/object/", {"object": "big"}, headers=HTMX
        )
        assert response.content.count(b"data-line") == 1_000
        assert b"899,000 more lines" in response.content


def test_a_big_section_comes_in_parts(alice_client: Client, project: Project) -> None:
    big = make_task(project, parameters={f"Args/p{i:05}": str(i) for i in range(5_000)})
    page = page_of(alice_client, big)
    assert page.count("data-param=") == 300
    assert "Show 4,700 more" in page
    response = alice_client.get(
        f"/experiments/{big.uid}/configuration/rows/", {"section": "Args", "start": "4800"}
    )
    rows = response.content.decode()
    assert rows.count("data-param=") == 200 and "earlier" not in rows
    assert "more</button>" not in rows


class TestSections:
    def describe(self, client: Client, task: Any, section: str = "Args", **body: str) -> Any:
        address = f"/experiments/{task.uid}/configuration/describe/"
        return client.post(address, {"section": section, **body})

    def test_a_description_stands_under_the_heading(self, alice_client: Client, task: Any) -> None:
        assert (
            self.describe(alice_client, task, description="<i>for the optimiser").status_code == 302
        )
        page = page_of(alice_client, task)
        section = page.split('data-section="Args"')[1].split("</section>")[0]
        assert "&lt;i&gt;for the optimiser" in section and "<details open>" in section

    def test_a_folded_section_opens_when_something_is_searched(
        self, alice_client: Client, task: Any
    ) -> None:
        self.describe(alice_client, task, description="", folded="on")
        for query, is_open in (("", False), ("?q=lr", True)):
            section = page_of(alice_client, task, query).split('data-section="Args"')[1]
            assert section.split("<details", 1)[1].startswith(" open>") == is_open

    def test_viewers_cannot_and_unknown_sections_are_refused(
        self, alice_client: Client, bob_client: Client, task: Any
    ) -> None:
        assert self.describe(bob_client, task, description="x").status_code == 403
        assert self.describe(alice_client, task, "Nope", description="x").status_code == 422


def test_unlocked_properties_of_a_published_experiment_can_be_edited(
    alice_client: Client, alice: Any, task: Any
) -> None:
    published = change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(alice))
    assert 'value="properties/owner"' not in page_of(alice_client, task)
    unlock_properties(task=published, by=actor(alice))
    page = page_of(alice_client, task)
    assert 'value="properties/owner"' in page and 'value="Args/lr"' not in page
