"""Configuration objects: read in parts or as a tree, edited against what was seen, compared."""

from __future__ import annotations

import html as html_text
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project
from experiments.operations.configurations import object_version
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.reverting import revert_change
from experiments.operations.status import change_status
from experiments.rules.redaction import MASK
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.people import ProtocolClient

HTMX = {"HX-Request": "true"}
YAML = "model:\n  name: resnet50\n  layers: [1, 2]\nlr: 0.1\n"
SECRET = "db:\n  password: canary7f3aX\n  host: example.org\n"


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(
        project,
        configuration={
            "net": Object(YAML, "yaml", "the network"),
            "notes": Object("plain\r\ntext", "text"),
            "secret.yaml": Object(SECRET, "yaml"),
        },
    )


def address(task: Any, part: str = "") -> str:
    return f"/experiments/{task.uid}/configuration/{part}"


def get(client: Client, task: Any, part: str = "", **query: str) -> str:
    response = client.get(address(task, part), query)
    assert response.status_code == 200, response.content
    return response.content.decode()


def lines_of(page: str) -> dict[int, str]:
    """The exact text of each line that is drawn."""
    found = re.findall(r'data-line="(\d+)"[^>]*><a [^>]*></a>(.*?)\n</span>', page, re.DOTALL)
    return {int(n): html_text.unescape(re.sub(r"<[^>]+>", "", text)) for n, text in found}


def stored(task: Any, name: str) -> Object | None:
    return stored_configuration(task).get(name)


def save(client: Client, task: Any, name: str, **fields: str) -> Any:
    """Sends the form as a browser does that opened the object as it is stored."""
    seen_name = fields.pop("seen_name", name)
    found = stored(task, seen_name)
    body = {
        "name": name, "seen_name": seen_name if found else "", "seen": object_version(found),
        "type": (found and found.type) or "", "description": (found and found.description) or "",
        "text": found.value if found else "",
    }  # fmt: skip
    body |= fields
    for field in ("text", "description"):
        plain = body[field].replace("\r\n", "\n").replace("\r", "\n")
        body[field] = plain.replace("\n", "\r\n")
    return client.post(address(task, "object/edit/"), body)


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
        assert 1 not in lines and len(lines) == 2_000

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


class TestDifferences:
    @pytest.fixture
    def child(self, project: Project, task: Any) -> Any:
        text = "lr: 0.2\nmodel:\n  layers: [1, 2]\n  name: resnet50\n"
        return make_task(project, configuration={"net": Object(text, "yaml")}, parent=task)

    def test_keys_are_compared_whatever_their_order(self, bob_client: Client, child: Any) -> None:
        page = get(bob_client, child, "object/diff/", name="net", against="parent")
        assert page.count("<tr data-kind=") == 1
        assert "<bdi>lr</bdi>" in page and "<bdi>0.1</bdi>" in page and "<bdi>0.2</bdi>" in page

    @pytest.mark.parametrize("view", ["unified", "split"])
    def test_lines_are_one_click_away(self, bob_client: Client, child: Any, view: str) -> None:
        page = get(bob_client, child, "object/diff/", name="net", against="parent")
        assert f"&amp;view={view}" in page
        page = get(bob_client, child, "object/diff/", name="net", against="parent", view=view)
        assert "lr: 0.2" in page
        assert ('class="diff split"' in page) == (view == "split")

    def test_the_panel_offers_it(self, bob_client: Client, child: Any) -> None:
        assert 'name="against" value="parent"' in get(bob_client, child)

    def test_equal_lines_are_left_out_until_asked_for(
        self, bob_client: Client, project: Project
    ) -> None:
        text = "".join(f"k{n}: {n}\n" for n in range(100))
        objects = {"a": Object(text), "b": Object(text.replace("k50: 50", "k50: 51"))}
        task = make_task(project, configuration=objects)
        asked = {"name": "b", "against": "object:a", "view": "unified"}
        page = get(bob_client, task, "object/diff/", **asked)
        assert "47 equal lines" in page and "46 equal lines" in page
        assert "k20: 20" not in page and "k48: 48" in page
        assert "k20: 20" in get(bob_client, task, "object/diff/", **asked, all="1")

    def test_an_entry_of_the_history_is_compared(self, alice_client: Client, task: Any) -> None:
        save(alice_client, task, "net", text=YAML.replace("0.1", "0.9"))
        entry = HistoryEntry.objects.get(task=task, what="configuration")
        page = get(alice_client, task, "object/diff/", name="net", against=f"history:{entry.pk}")
        assert "<bdi>0.9</bdi>" in page and "Before the change" in page

    def test_what_cannot_be_read_is_compared_by_lines_and_says_why(
        self, bob_client: Client, task: Any
    ) -> None:
        page = get(bob_client, task, "object/diff/", name="net", against="object:notes")
        assert "notes is Text, which has no keys to compare by." in page
        assert 'class="diff"' in page

    @pytest.mark.parametrize("against", ["parent", "object:nope", "history:1", "history:x", "x"])
    def test_nothing_to_compare_with_is_not_found(
        self, alice_client: Client, task: Any, against: str
    ) -> None:
        query = {"name": "net", "against": against}
        assert alice_client.get(address(task, "object/diff/"), query).status_code == 404

    def test_a_parent_that_one_may_not_see_is_not_there(
        self, charlie_client: Client, child: Any, charlie: Any, project: Project
    ) -> None:
        query = {"name": "net", "against": "parent"}
        assert charlie_client.get(address(child, "object/diff/"), query).status_code == 404


DEEP = "[" * 100_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "markup": Object("</textarea></pre><script>alert(1)</script>", "json"),
    "long line": Object('{"a": "' + "x" * 100_000 + '"}', "json"),
    "deep": Object(DEEP, "json"),
    "bomb": Object(BOMB, "yaml"),
    "include": Object('include file("/etc/passwd")\ninclude url("http://x.example")\n', "hocon"),
    "bidi": Object("\u202eabc: \u2066x\n", "yaml"),
    "python": Object("!!python/object/apply:os.system ['x']", "yaml"),
    "lines": Object("\n" * 1_000_000, "yaml"),
    "odd numbers": Object("{" + '"a": ' + "9" * 10_000 + "}", "json"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_objects_are_read_compared_and_edited(
    alice_client: Client, project: Project, name: str
) -> None:
    task = make_task(project, configuration={name: HOSTILE[name], "other": Object("a: 1\n")})
    pages = [
        get(alice_client, task),
        get(alice_client, task, object=name),
        get(alice_client, task, object=name, **{"as": "tree"}),
        get(alice_client, task, "object/diff/", name=name, against="object:other"),
        get(alice_client, task, "object/diff/", name=name, against="object:other", view="split"),
        get(alice_client, task, "object/edit/", name=name),
        save(alice_client, task, name, text=HOSTILE[name].value + "\n{").content.decode(),
    ]
    for page in pages:
        assert "<script>alert" not in page and "root:" not in page
