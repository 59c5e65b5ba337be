"""Configuration objects as they are read: in parts, as a tree, without their secrets."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project
from experiments.operations.documents import Object
from experiments.rules.redaction import MASK
from tests.factories import make_task
from tests.object_pages import OBJECTS, SECRET, address, get, lines_of, save
from tests.people import ProtocolClient

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(project, configuration=OBJECTS)


class TestText:
    def test_a_line_is_linked_and_chosen(self, alice_client: Client, task: Any) -> None:
        page = get(alice_client, task, object="net", line="2-3")
        assert 'class="line chosen" id="object-1-line-2"' in page
        assert 'class="line chosen" id="object-1-line-3"' in page
        assert page.count("line chosen") == 2
        assert "?object=net&amp;line=2#object-1-line-2" in page

    def test_blocks_know_where_they_end(self, alice_client: Client, task: Any) -> None:
        page = get(alice_client, task)
        assert 'data-line="1" data-fold="3"' in page
        assert 'data-line="2" data-fold' not in page

    def test_a_long_text_comes_in_parts(self, alice_client: Client, project: Project) -> None:
        text = "".join(f"k{n}: {n}\n" for n in range(1, 5_001))
        big = make_task(project, configuration={"big": Object(text, "yaml")})
        assert "data-line" not in get(alice_client, big)
        seen: dict[int, str] = {}
        start = "1"
        while start:
            response = alice_client.get(
                address(big, "object/lines/"), {"object": "big", "from": start}, headers=HTMX
            )
            part = response.content.decode()
            seen |= lines_of(part)
            found = re.search(r'name="from" value="(\d+)"', part)
            start = found[1] if found else ""
        assert seen == {n: f"k{n}: {n}" for n in range(1, 5_001)}

    def test_a_line_far_down_is_shown_without_what_is_before(
        self, alice_client: Client, project: Project
    ) -> None:
        text = "".join(f"k{n}: {n}\n" for n in range(1, 50_001))
        big = make_task(project, configuration={"big": Object(text, "yaml")})
        lines = lines_of(get(alice_client, big, object="big", line="40000"))
        assert lines[40_000] == "k40000: 40000"
        assert 1 not in lines and len(lines) == 1_000

    def test_without_htmx_parts_lead_to_the_page(self, alice_client: Client, task: Any) -> None:
        for part in ("object/", "object/lines/", "object/tree/"):
            response = alice_client.get(address(task, part), {"object": "net", "from": "2"})
            assert response.status_code == 302
            assert parse_qs(urlsplit(response["Location"]).query)["from"] == ["2"]

    @pytest.mark.parametrize(
        "query",
        [{"line": "x"}, {"line": "99999999999999"}, {"line": "5-1"}, {"from": "-1"},
         {"line": "²"}, {"as": "tree", "path": "[[]]"},
         {"as": "tree", "path": "{"}, {"as": "tree", "path": '["no"]'},
         {"as": "tree", "path": "[" * 100_000}],
    )  # fmt: skip
    def test_odd_addresses_show_the_object(
        self, alice_client: Client, task: Any, query: dict[str, str]
    ) -> None:
        assert "resnet50" in get(alice_client, task, object="net", **query)

    def test_a_place_behind_the_end_is_the_end(self, alice_client: Client, task: Any) -> None:
        page = get(alice_client, task, object="net", **{"from": "999999999"})
        assert lines_of(page)[4] == "lr: 0.1" and "3 earlier lines" in page

    def test_a_hit_leads_to_its_line(self, alice_client: Client, task: Any) -> None:
        page = get(alice_client, task, q="resnet")
        assert "?object=net&amp;line=2#object-1-line-2" in page


class TestTree:
    def test_keys_kinds_and_values_are_shown(self, alice_client: Client, task: Any) -> None:
        page = get(alice_client, task, object="net", **{"as": "tree"})
        assert '<span class="node-key">model</span>' in page
        assert "list, 2 items" in page
        assert 'data-copy="model.layers[1]"' in page
        assert '<span class="node-value" data-kind="number">0.1</span>' in page

    def test_a_wide_one_comes_in_parts(self, alice_client: Client, project: Project) -> None:
        tree = {f"k{n}": {"a": {"b": n}} for n in range(1_000)}
        big = make_task(project, configuration={"big": Object(json.dumps(tree), "json")})
        page = get(alice_client, big, object="big", **{"as": "tree"})
        assert "Show 800 more" in page and page.count("node-key") < 1_500
        response = alice_client.get(
            address(big, "object/tree/"),
            {"object": "big", "as": "tree", "path": '["k999","a"]'},
            headers=HTMX,
        )
        assert b'data-copy="k999.a.b"' in response.content

    def test_what_cannot_be_read_says_so_and_shows_the_text(
        self, alice_client: Client, project: Project
    ) -> None:
        broken = make_task(project, configuration={"x": Object("a: [1\nb: 2\n", "yaml")})
        page = get(alice_client, broken, object="x", **{"as": "tree"})
        assert "It cannot be read as YAML: line 2" in page
        assert lines_of(page)[1] == "a: [1"


class TestSecrets:
    def test_no_view_shows_them(self, alice_client: Client, bob_client: Client, task: Any) -> None:
        asked: list[tuple[str, dict[str, str]]] = [
            ("", {}), ("", {"object": "secret.yaml", "as": "tree"}), ("", {"q": "password"}),
            ("", {"q": "canary7f3"}), ("object/edit/", {"name": "secret.yaml"}),
            ("object/diff/", {"name": "secret.yaml", "against": "object:net"}),
            ("object/diff/", {"name": "net", "against": "object:secret.yaml", "view": "split"}),
            ("download/", {"name": "secret.yaml"}),
        ]  # fmt: skip
        for client in (alice_client, bob_client):
            for part, query in asked:
                assert "canary7f3aX" not in get(client, task, part, **query), (part, query)

    def test_a_masked_file_says_so_by_its_name(self, bob_client: Client, task: Any) -> None:
        response = bob_client.get(address(task, "download/"), {"name": "secret.yaml"})
        assert 'filename="secret.masked.yaml"' in response["Content-Disposition"]
        assert response.content.decode() == SECRET.replace("canary7f3aX", MASK)

    @pytest.mark.parametrize(
        ("part", "field"),
        [
            ("object/reveal/", "object"),
            ("download/", "name"),
            ("object/edit/?name=secret.yaml", "x"),
        ],
    )
    def test_an_editor_gets_them_and_the_history_knows(
        self, alice_client: Client, bob_client: Client, task: Any, part: str, field: str
    ) -> None:
        body = {field: "secret.yaml", "do": "open"}
        assert bob_client.post(address(task, part), body).status_code == 403
        assert HistoryEntry.objects.filter(task=task).count() == 0
        assert b"canary7f3aX" in alice_client.post(address(task, part), body).content
        entry = HistoryEntry.objects.get(task=task)
        assert (entry.what, entry.key, entry.old) == ("reveal", "secret.yaml", None)

    def test_a_conflict_does_not_show_them(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "secret.yaml", text="a: 1\n", seen="old")
        assert response.status_code == 409 and b"canary7f3aX" not in response.content

    def test_scripts_get_the_true_text(self, api: ProtocolClient, task: Any) -> None:
        found = api.data("tasks.get_by_id", {"task": task.uid})["task"]["configuration"]
        assert found["secret.yaml"]["value"] == SECRET
