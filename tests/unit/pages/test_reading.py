"""Reading the configuration: the tree, hits, links to what is in it, parts of big sections."""

from __future__ import annotations

import html as html_text
import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import Project
from experiments.operations.documents import Object
from experiments.rules.document import Item
from tests.factories import make_task

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(
        project,
        parameters={
            "Zeta/first": Item("1", "int", "the first"),
            "Args/lr": Item("0.10", "float", "learning rate"),
            "Args/hub_token": Item("hf_abcdefghijklmnopqrstuvwxyz0123"),
            "properties/owner": Item("amy"),
        },
        configuration={"OmegaConf": Object("model:\n  name: resnet50\n", "OmegaConf YAML")},
    )


def page_of(client: Client, task: Any, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/configuration/{query}")
    assert response.status_code == 200, response.content[-2000:]
    return response.content.decode()


class TestTheTree:
    NESTED = ("General/lr", "General/model/dim", "General/seed", "General/model/net/act")

    @pytest.fixture
    def nested(self, project: Project) -> Any:
        return make_task(project, parameters=dict.fromkeys(self.NESTED, "1"))

    def hooks(self, page: str) -> list[str]:
        return re.findall(r'<tr[^>]* data-(?:param|group)="([^"]+)"', page)

    def test_names_that_nest_are_read_as_a_tree(self, alice_client: Client, nested: Any) -> None:
        page = page_of(alice_client, nested)
        assert self.hooks(page) == [
            "General/lr",
            "General/model",
            "General/model/dim",
            "General/model/net",
            "General/model/net/act",
            "General/seed",
        ]
        group = page.split('data-group="General/model"', 1)[1].split("</tr>", 1)[0]
        assert "<bdi>model</bdi>" in group and ">2</span>" in group

    def test_the_whole_name_stays_in_the_row(self, alice_client: Client, nested: Any) -> None:
        for view in ("tree", "flat"):
            page = page_of(alice_client, nested, f"?view={view}")
            row = page.split('data-param="General/model/net/act"', 1)[1].split("</tr>", 1)[0]
            assert '<span class="path">model/net/</span>act' in row
            assert 'data-depth="2"' in row

    def test_the_flat_list_is_in_the_order_received(
        self, alice_client: Client, nested: Any
    ) -> None:
        assert self.hooks(page_of(alice_client, nested, "?view=flat")) == list(self.NESTED)

    def test_a_search_shows_whole_names(self, alice_client: Client, nested: Any) -> None:
        page = page_of(alice_client, nested, "?q=MODEL/d&view=tree")
        assert "<mark>model/d</mark>im" in page
        assert self.hooks(page) == ["General/model/dim"]

    def test_without_nesting_there_is_no_choice(self, alice_client: Client, task: Any) -> None:
        assert "view=tree" not in page_of(alice_client, task)

    def test_a_saved_row_is_the_same_row(self, alice_client: Client, nested: Any) -> None:
        """What is swapped into a tree has its depth and its short name."""
        page = page_of(alice_client, nested)
        response = alice_client.get(
            f"/experiments/{nested.uid}/configuration/parameter/",
            {"key": "General/model/net/act"},
            headers=HTMX,
        )
        row = response.content.decode().split("<tr", 1)[1].split("</th>", 1)[0]
        assert row in page


class TestHits:
    def said(self, page: str) -> str:
        found = re.search(r'id="hits"[^>]*>([^<]*)', page)
        return found[1] if found else ""

    def test_hits_are_counted_with_the_rows_and_lines_they_are_in(
        self, alice_client: Client, task: Any
    ) -> None:
        page = page_of(alice_client, task, "?q=re")
        assert self.said(page) == "1 hit in 1 line"
        page = page_of(alice_client, task, "?q=first")
        assert self.said(page) == "2 hits in 1 row"

    def test_there_are_as_many_marks_as_hits(self, alice_client: Client, task: Any) -> None:
        for search in ("a", "r", "float", "Args/h", "  ", "the f"):
            page = page_of(alice_client, task, f"?q={search}")
            hits = self.said(page).split(" ")[0].replace("No", "0")
            marks = page.split('class="panels"')[1].count("<mark>")
            assert int(hits or 0) == marks, search

    def test_hits_beyond_the_drawn_rows_are_counted(
        self, alice_client: Client, project: Project
    ) -> None:
        big = make_task(project, parameters={f"Args/p{i:04}": "x" for i in range(1_000)})
        page = page_of(alice_client, big, "?q=p")
        assert self.said(page) == "1,000 hits in 1,000 rows"
        assert "Show 700 more" in page

    def test_a_hit_far_into_a_long_value_is_shown(
        self, alice_client: Client, project: Project
    ) -> None:
        task = make_task(project, parameters={"Args/text": "x" * 50_000 + "needle" + "y" * 50_000})
        page = page_of(alice_client, task, "?q=needle")
        assert "<mark>needle</mark>" in page
        assert "from character 49,801 of 100,006 characters" in page


class TestDeepLinks:
    @pytest.fixture
    def big(self, project: Project) -> Any:
        return make_task(project, parameters={f"Args/p{i:04}": str(i) for i in range(1_000)})

    def test_a_parameter_is_drawn_and_marked(self, alice_client: Client, big: Any) -> None:
        page = page_of(alice_client, big, "?key=Args/p0650")
        row = page.split('data-param="Args/p0650"')[1].split(">")[0]
        assert 'class="arrived"' in row
        assert "p0600" in page and "Show 100 more" in page and "Show 300 earlier" in page
        anchor = re.search(r'<tr id="([^"]+)" data-param="Args/p0650"', page)
        assert anchor and f'data-arrival="{anchor[1]}"' in page

    @pytest.mark.parametrize(
        "name", ["a b", "ä/ö", "x#y%z&w?", '"><script>', "\u202etxt", "l" * 1000, "a.b$c", "1"]
    )
    def test_every_name_has_an_id_and_a_link_that_leads_to_it(
        self, alice_client: Client, project: Project, name: str
    ) -> None:
        task = make_task(project, parameters={f"Args/{name}": "1", "Args/other": "2"})
        page = page_of(alice_client, task)
        link = html_text.unescape(re.findall(r'<a class="permalink" href="(\?key[^"]+)"', page)[0])
        query, anchor = link.split("#")
        assert re.fullmatch(r"param-[0-9a-f]{12}", anchor)
        opened = page_of(alice_client, task, query)
        assert f'<tr id="{anchor}"' in opened and opened.count('class="arrived"') == 1

    def test_a_link_to_a_section_opens_it(self, alice_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/"
        alice_client.post(f"{address}describe/", {"section": "Args", "folded": "on"})
        page = page_of(alice_client, task, "?section=Args")
        part = page.split('data-section="Args"')[1].split("</section>")[0]
        assert "<details open>" in part

    def test_an_object_and_a_line_of_it(self, alice_client: Client, project: Project) -> None:
        task = make_task(project, configuration={"a": Object("1"), "big": Object("x: 1\n" * 9_000)})
        page = page_of(alice_client, task, "?object=big&line=12")
        assert 'data-arrival="object-2-line-12"' in page
        assert page.count("data-line=") > 12

    @pytest.mark.parametrize(
        "query",
        [
            "?key=Args/nope", "?section=nope", "?object=nope&line=x", "?view=sideways",
            f"?section=Args&start={'9' * 99}", "?section=Args&start=²", "?start=-1&until=-4",
            "?select=1&key=%00",
        ],
    )  # fmt: skip
    def test_what_is_not_there_leads_to_the_page(
        self, alice_client: Client, task: Any, query: str
    ) -> None:
        page_of(alice_client, task, query)

    def test_rows_before_a_place_come_when_asked_for(self, alice_client: Client, big: Any) -> None:
        response = alice_client.get(
            f"/experiments/{big.uid}/configuration/rows/",
            {"section": "Args", "start": "300", "until": "600"},
        )
        rows = response.content.decode()
        assert re.findall(r'data-param="([^"]+)"', rows)[::299] == ["Args/p0300", "Args/p0599"]
        assert "Show 300 earlier" in rows and "more</button>" not in rows


def test_many_sections_are_drawn_up_to_a_number_of_rows(
    alice_client: Client, project: Project
) -> None:
    parameters = {f"S{s}/p{i}": "1" for s in range(10) for i in range(200)}
    page = page_of(alice_client, make_task(project, parameters=parameters))
    assert page.count("data-param=") == 600
    assert page.count("data-section=") == 11 and page.count("Show 200 more") == 7


def test_rows_can_be_ticked_and_are_then_not_edited(alice_client: Client, task: Any) -> None:
    page = page_of(alice_client, task, "?select=1")
    assert 'form="select-form" name="key" value="Args/lr"' in page
    assert 'form="select-form" name="section" value="Args"' in page
    assert 'class="edit"' not in page and "Reveal" not in page


def test_what_would_not_be_seen_is_drawn(alice_client: Client, project: Project) -> None:
    task = make_task(
        project, parameters={"Se\u202ec/a\u200bb": Item("x\x1b[0m\ry", "str", "d\u2066e")}
    )
    page = page_of(alice_client, task)
    for drawn in (r"\u202e", r"\u200b", r"\x1b", r"\x0d", r"\u2066"):
        assert f'data-char="{drawn}"' in page
    cell = re.search(r"data-value[^>]*>(.*?)</td>", page, re.DOTALL)
    assert cell and html_text.unescape(re.sub(r"<[^>]+>", "", cell[1])) == "x\x1b[0m\ry"
