"""The experiment table as a page: hooks, columns, order, filter, paging, queries."""

from __future__ import annotations

import html as html_text
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import Project, User
from experiments.operations.events import add_events
from tests.factories import actor, make_project, make_task

HTMX = {"HX-Request": "true"}


def table(client: Client, address: str = "/experiments/", **query: str) -> str:
    response = client.get(f"{address}?{urlencode(query)}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def follow(client: Client, href: str) -> str:
    return client.get("/experiments/" + html_text.unescape(href)).content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'data-column="name" class="name"><a [^>]*><bdi>([^<]*)', html)


def column(html: str, field: str) -> list[str]:
    return re.findall(rf'<td data-column="{re.escape(field)}"[^>]*>([^<]*)</td>', html)


@pytest.fixture
def runs(project: Project) -> list[Any]:
    values = [("aaa", "0.1"), ("bbb", "1e-05"), ("ccc", "0.001"), ("ddd", "1e-4")]
    made = [make_task(project, name=name, parameters={"Args/lr": lr}) for name, lr in values]
    return [*made, make_task(project, name="eee")]


class TestPage:
    def test_it_carries_the_hooks(self, alice_client: Client, runs: list[Any]) -> None:
        html = table(alice_client)
        assert '<table id="experiment-table" data-total="5">' in html
        assert f'<tr data-task-id="{runs[0].uid}" data-status="created">' in html
        assert names(html) == ["eee", "ddd", "ccc", "bbb", "aaa"]

    def test_it_shows_parameters_by_address(self, alice_client: Client, runs: list[Any]) -> None:
        html = table(alice_client, columns="Args/lr", order="Args/lr")
        assert names(html) == ["bbb", "ddd", "ccc", "aaa", "eee"]
        assert column(html, "Args/lr") == ["1e-05", "1e-4", "0.001", "0.1", ""]
        assert 'aria-sort="ascending"' in html

    def test_missing_values_are_last_both_ways(self, alice_client: Client, runs: list[Any]) -> None:
        assert names(table(alice_client, order="-Args/lr")) == ["aaa", "ccc", "ddd", "bbb", "eee"]

    def test_it_shows_metrics(self, alice_client: Client, alice: User, runs: list[Any]) -> None:
        events = [
            {"type": "training_stats_scalar", "task": runs[0].uid, "metric": "acc",
             "variant": "val", "iter": step, "value": value, "timestamp": 1_700_000_000_000 + step}
            for step, value in enumerate([0.25, 0.75, 0.5])
        ]  # fmt: skip
        add_events(events=events, user_tasks={runs[0].uid: runs[0]}, by=actor(alice))
        html = table(alice_client, columns="acc/val,max(acc/val),last(acc/val)",
                     filter="max(acc/val) > 0.5")  # fmt: skip
        assert column(html, "max(acc/val)") == ["0.75"]
        assert column(html, "last(acc/val)") == ["0.5"]

    def test_a_project_shows_its_own_and_those_below(
        self, alice_client: Client, alice: User, project: Project, runs: list[Any]
    ) -> None:
        make_task(make_project("elsewhere", owner=alice), name="other")
        make_task(make_project("vision/inner", owner=alice), name="inner")
        html = table(alice_client, f"/projects/{project.uid}/experiments/")
        assert "inner" in names(html)
        assert "other" not in names(html)

    def test_a_stranger_sees_nothing_of_it(self, charlie_client: Client, runs: list[Any]) -> None:
        assert 'data-total="0"' in table(charlie_client)

    def test_it_masks_secrets(self, alice_client: Client, project: Project) -> None:
        make_task(project, name="secret", parameters={"Args/db_password": "correct horse"})
        html = table(alice_client, columns="Args/db_password")
        assert "correct horse" not in html

    def test_names_are_escaped(self, alice_client: Client, project: Project) -> None:
        make_task(project, name="<b>bold</b>", parameters={'Args/"><i>': "<u>1"})
        html = table(alice_client, columns='Args/`"><i>`', filter='Args/`"><i>` exists')
        assert "<b>bold" not in html
        assert "<u>1" not in html
        assert "<i>" not in html.replace('<i class="arrow"', "")


class TestFilter:
    def test_it_counts_what_matches(self, alice_client: Client, runs: list[Any]) -> None:
        html = table(alice_client, filter="Args/lr < 1e-3")
        assert 'data-total="2"' in html
        assert html.count('class="chip"') == 1

    def test_an_error_points_at_its_character(self, alice_client: Client, runs: list[Any]) -> None:
        response = alice_client.get("/experiments/", {"filter": "Args/lr < ) 1"})
        html = response.content.decode()
        assert response.status_code == 422
        assert "<span>Args/lr &lt; </span><mark>)</mark><span> 1</span>" in html
        assert 'value="Args/lr &lt; ) 1"' in html
        assert names(html) == []

    def test_with_htmx_only_the_error_comes(self, alice_client: Client, runs: list[Any]) -> None:
        response = alice_client.get("/experiments/", {"filter": "Args/lr <"}, headers=HTMX)
        assert response.status_code == 422
        assert response["HX-Retarget"] == "#filter-error"
        assert b"experiment-table" not in response.content

    def test_an_empty_result_says_what_hides_how_much(
        self, alice_client: Client, runs: list[Any]
    ) -> None:
        html = table(alice_client, filter="Args/lr > 5 and status = created")
        assert re.search(r"2 conditions\s+hide\s+5 experiments", html)
        assert "Clear filters" in html

    def test_search_is_a_filter_of_words(self, alice_client: Client) -> None:
        response = alice_client.get("/search/", {"q": "res net"})
        assert (response.status_code, response["Location"]) == (
            302, "/experiments/?filter=res+net",
        )  # fmt: skip


class TestFragments:
    def test_htmx_gets_the_listing_alone(self, alice_client: Client, runs: list[Any]) -> None:
        response = alice_client.get("/experiments/", headers=HTMX)
        assert response.content.lstrip().startswith(b'<div id="listing">')
        assert "HX-Request" in response["Vary"]

    def test_history_gets_the_whole_page(self, alice_client: Client, runs: list[Any]) -> None:
        headers = {**HTMX, "HX-History-Restore-Request": "true"}
        response = alice_client.get("/experiments/", headers=headers)
        assert b"<!doctype html>" in response.content
        assert "HX-Request" in response["Vary"]


class TestPaging:
    def test_next_and_previous(self, alice_client: Client, runs: list[Any]) -> None:
        html = table(alice_client, limit="2", order="name")
        assert names(html) == ["aaa", "bbb"]
        following = re.search(r'href="([^"]+)" rel="next"', html)
        assert following
        html = follow(alice_client, following[1])
        assert names(html) == ["ccc", "ddd"]
        back = re.search(r'href="([^"]+)" rel="prev"', html)
        assert back
        html = follow(alice_client, back[1])
        assert names(html) == ["aaa", "bbb"]


class TestColumnChooser:
    def test_it_offers_every_name_seen(self, alice_client: Client, runs: list[Any]) -> None:
        response = alice_client.get("/experiments/columns/", {"columns": "status"})
        html = response.content.decode()
        assert 'value="Args/lr"' in html
        assert re.search(r'value="status" checked', html)
        assert b"<!doctype html>" in response.content

    def test_it_is_a_fragment_for_htmx(self, alice_client: Client, project: Project) -> None:
        address = f"/projects/{project.uid}/experiments/columns/"
        response = alice_client.get(address, {"filter": "a", "order": "name"}, headers=HTMX)
        html = response.content.decode()
        assert html.startswith('<form id="columns"')
        assert '<input type="hidden" name="filter" value="a">' in html


def test_queries_do_not_grow_with_rows_or_columns(
    alice_client: Client, project: Project, runs: list[Any]
) -> None:
    def count(**query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            table(alice_client, **query)
        return len(queries)

    wide = {"columns": "Args/lr,Args/x,project,user,parent,loss/val,min(loss/val),acc/val"}
    few, few_wide = count(limit="2"), count(limit="2", **wide)
    for number in range(30):
        make_task(project, name=f"more {number}", parameters={"Args/x": str(number)})
    assert count(limit="100") <= few
    assert count(limit="100", **wide) <= few_wide
    assert few_wide <= few + 3
