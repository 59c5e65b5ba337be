"""Configuration objects compared, and hostile ones on every page there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project
from experiments.operations.documents import Object
from tests.factories import make_task
from tests.object_pages import OBJECTS, YAML, address, get, save


@pytest.fixture
def task(project: Project) -> Any:
    return make_task(project, configuration=OBJECTS)


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
        page = get(bob_client, child)
        assert 'name="against" value="parent"' in page
        assert "object/diff/?name=net&amp;against=parent" in page

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
        history = alice_client.get(f"/experiments/{task.uid}/history/").content.decode()
        assert f"object/diff/?name=net&amp;against=history%3A{entry.pk}" in history

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
