"""What somebody who is editing is told of what others change meanwhile."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiments.models import Role, Task, Via
from experiments.operations.configurations import object_version, set_object
from experiments.operations.documents import Object
from experiments.operations.edits import Edit, apply_edits
from experiments.operations.parameters import edit_parameters
from experiments.operations.projects import share_project
from experiments.operations.tasks import edit_task
from experiments.rules.document import Item
from tests.factories import actor, document_of, make_task
from tests.one_value import remove_value, set_value

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(project, alice, bob):
    share_project(project=project, user=bob, role=Role.EDITOR, by=actor(alice))
    return make_task(
        project,
        parameters={"Args/lr": "0.1", "Args/token": "hf_abcdefghijklmnopqrstuvwxyz0123"},
        configuration={"net": Object("depth: 1", "yaml")},
    )


@pytest.fixture
def watch(alice_client, task):
    """Asks as the page does that alice has opened now; an answer may say what to ask next."""
    opened = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
    return Watch(alice_client, _address(opened))


class Watch:
    def __init__(self, client, address):
        self.client = client
        self.address = address

    def ask(self):
        answer = self.client.get(self.address, headers=HTMX)
        if answer.status_code == 204:
            assert answer.content == b""
            return ""
        assert answer.status_code == 200
        page = answer.content.decode()
        self.address = _address(page)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def _address(page):
    return html.unescape(re.search(r'id="changes" hx-get="([^"]+)"', page)[1])


def by_browser(user):
    return actor(user, via=Via.BROWSER)


def test_nothing_is_said_where_nothing_changed(watch, task):
    assert watch.ask() == ""


def test_it_names_who_changed_what_once(watch, task, bob):
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by_browser(bob))
    said = watch.ask()
    assert "bob changed Args/lr just now" in said and "Load the page anew" in said
    assert watch.ask() == ""
    set_value(task=task, section="Args", name="n", value="1", seen=None, by=by_browser(bob))
    assert "bob changed Args/n, Args/lr" in watch.ask()


def test_own_edits_are_no_news(watch, task, alice, bob):
    by = by_browser(alice)
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by)
    set_value(task=task, section="Args", name="n", value="1", seen=None, by=by)
    remove_value(task=task, section="Args", name="token", seen="hf_abcdefghijklmnopqrstuvwxyz0123",
                 by=by)  # fmt: skip
    set_object(task=task, name="more", wanted=Object("x"), seen="", by=by)
    assert watch.ask() == ""
    set_value(task=task, section="Args", name="n", value="2", seen="1", by=by_browser(bob))
    said = watch.ask()
    assert "bob changed Args/n" in said and "alice" not in said


def test_a_script_of_the_same_person_is_somebody_else(watch, task, alice):
    script = actor(alice, client="s")
    edit_parameters(task=task, items=[("Args", "lr", Item("0.9"))], by=script)
    assert "A script changed Args/lr" in watch.ask()


def test_through_the_protocol_the_host_is_known(watch, task, api):
    items = [{"section": "Args", "name": "lr", "value": "0.7"}]
    api.data("tasks.edit_hyper_params", {"task": task.uid, "hyperparams": items})
    assert "The script on testhost changed Args/lr" in watch.ask()


def test_what_makes_no_history_is_told_all_the_same(watch, task, alice):
    """A script's first values are the original, not edits."""
    by = actor(alice, client="s")
    edit_task(task=task, changes={"runtime": {"hostname": "host-1"}}, force=True, by=by)
    assert watch.ask() == "", "nothing that the page shows"
    edit_parameters(task=task, items=[("Net", "depth", Item("8"))], by=by)
    assert "The script on host-1 changed the configuration just now" in watch.ask()


def test_a_new_object_is_told_even_beside_an_edit_of_ones_own(watch, task, alice):
    set_value(task=task, section="Args", name="n", value="1", seen=None, by=by_browser(alice))
    objects = {"net": Object("depth: 1", "yaml"), "data": Object("path: x", "yaml")}
    edit_task(task=task, changes={"configuration": objects}, by=actor(alice, client="s"))
    assert "A script changed the configuration" in watch.ask()


def test_a_few_of_many_are_named_and_no_values(watch, task, bob):
    apply_edits(task=task, by=by_browser(bob), edits=[
        Edit("Args", "token", stored(task)["Args"]["token"], Item("hf_" + "z" * 30)),
        *(Edit("Args", f"p{n}", None, Item(f"value{n}")) for n in range(5)),
    ])  # fmt: skip
    said = watch.ask()
    assert re.search(r"bob changed \S+, \S+, \S+, and 3 more", said)
    assert "hf_" not in said and "value1" not in said


def test_a_mass_of_changes_is_one_word(watch, task, alice):
    by = actor(alice, client="s")
    for value in ("1", "2"):
        many = document_of({f"Big/{n}": value for n in range(80)})
        edit_task(task=task, changes={"hyperparams": many}, by=by)
    assert "A script changed many parameters" in watch.ask()


def test_names_are_text(watch, task, bob):
    edit = Edit("Args", "<img src=x>", None, Item("1"))
    apply_edits(task=task, by=by_browser(bob), edits=[edit])
    assert "<img src=x>" in watch.ask()
    assert (
        "<img"
        not in watch.client.get(
            watch.address.replace("told=", "was="), headers=HTMX
        ).content.decode()
    )


def test_asking_is_cheap(watch, task, bob):
    asking(watch)
    assert all("hyperparams" not in query["sql"] for query in asking(watch))
    quiet = len(asking(watch))
    set_object(task=task, name="net", wanted=Object("depth: 2", "yaml"),
               seen=object_version(Object("depth: 1", "yaml")), by=by_browser(bob))  # fmt: skip
    assert len(asking(watch)) == quiet + 1


def asking(watch):
    with CaptureQueriesContext(connection) as queries:
        watch.ask()
    return queries.captured_queries


def test_nonsense_is_no_news_and_strangers_are_told_nothing(
    alice_client, bob_client, charlie_client, task, bob
):
    address = f"/experiments/{task.uid}/configuration/changes/"
    for query in ("", "?version=x", "?version=1&at=" + "9" * 30, "?version=-1&at=1&size=١"):
        assert alice_client.get(address + query, headers=HTMX).status_code == 204
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by_browser(bob))
    query = "?version=0&at=0&size=0&told=0"
    assert alice_client.get(address + query, headers=HTMX).status_code == 200
    assert charlie_client.get(address + query, headers=HTMX).status_code == 404
    assert alice_client.get(address + query).status_code == 302


def stored(task):
    return Task.objects.get(pk=task.pk).hyperparams


@pytest.mark.parametrize("page", ["", "section/?section=Args", "object/edit/?name=net", "?q=lr"])
def test_every_page_where_something_is_edited_watches(alice_client, task, bob, page):
    opened = alice_client.get(f"/experiments/{task.uid}/configuration/{page}")
    assert opened.status_code == 200
    text = opened.content.decode()
    assert "js/watching.js" in text and "css/changes.css" in text
    watch = Watch(alice_client, _address(text))
    assert watch.ask() == ""
    set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1", by=by_browser(bob))
    assert "bob changed Args/lr" in watch.ask()
