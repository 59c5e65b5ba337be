"""HISTORY: what is shown, what is masked, and the way back."""

from __future__ import annotations

import re

import pytest

from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import Edit, apply_edits, rename_section
from experiments.operations.parameters import edit_parameters
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.one_value import set_value

TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123"


@pytest.fixture
def task(project, alice):
    task = make_task(project, parameters={"Args/lr": "0.1", "Args/token": TOKEN})
    by = actor(alice, via=Via.BROWSER)
    set_value(task=task, section="Args", name="lr", value="<b>0.5", seen="0.1", by=by)
    set_value(task=task, section="Args", name="token", value=TOKEN + "x", seen=TOKEN, by=by)
    set_value(task=task, section="properties", name="owner", value="amy", seen=None, by=by)
    return task


def page_of(client, task, query=""):
    response = client.get(f"/experiments/{task.uid}/history/{query}")
    assert response.status_code == 200
    return response.content.decode()


def stored(task):
    return Task.objects.get(pk=task.pk).hyperparams


def entry(key):
    return HistoryEntry.objects.filter(key=key).latest("pk").pk


def test_it_names_who_what_and_how_and_escapes_it(alice_client, task):
    page = page_of(alice_client, task)
    assert page.count("data-entry=") == 3
    assert "&lt;b&gt;0.5" in page and "<b>0.5" not in page
    assert "alice" in page and "in the browser" in page and "User property" in page


def test_secrets_are_masked(alice_client, task):
    assert TOKEN not in page_of(alice_client, task)


def test_one_value_has_a_history_of_its_own(alice_client, task):
    page = page_of(alice_client, task, "?key=Args/lr")
    assert page.count("data-entry=") == 1 and "All changes" in page


def test_it_pages_by_position(alice_client, project, alice):
    task = make_task(project, parameters={"Args/n": "0"})
    by = actor(alice, via=Via.BROWSER)
    for value in range(1, 121):
        set_value(task=task, section="Args", name="n", value=str(value), seen=str(value - 1), by=by)
    first = page_of(alice_client, task)
    earlier = first.split('class="pager"')[1].split('href="')[1].split('"')[0]
    second = alice_client.get(earlier.replace("&amp;", "&")).content.decode()
    assert (first.count("data-entry="), second.count("data-entry=")) == (100, 20)
    assert "Earlier changes" not in second


def test_undo_and_back_to_a_moment(alice_client, task):
    address = f"/experiments/{task.uid}/history/"
    answer = alice_client.post(f"{address}revert/", {"entry": entry("Args/lr")}, follow=True)
    assert "1 value changed back." in answer.content.decode()
    assert stored(task)["Args"]["lr"] == Item("0.1")
    alice_client.post(f"{address}revert-to/", {"entry": HistoryEntry.objects.earliest("pk").pk})
    assert stored(task)["Args"] == {"lr": Item("<b>0.5"), "token": Item(TOKEN)}
    assert "properties" not in stored(task)


def test_what_cannot_be_undone_says_why(alice_client, alice, task):
    change_status(task=task, to=Status.IN_PROGRESS, by=actor(alice))
    address = f"/experiments/{task.uid}/history/"
    page = page_of(alice_client, task)
    assert page.count(">Undo<") == 1, "only the user property"
    for body, why in (
        ({"entry": entry("Args/lr")}, "can be edited in a draft only"),
        ({"entry": "x"}, "the entry is missing"),
        ({}, "the entry is missing"),
        ({"entry": "9" * 18}, "cannot be undone"),
    ):
        answer = alice_client.post(f"{address}revert/", body)
        assert answer.status_code == 400 and why in answer.content.decode()


def test_what_changed_since_the_page_was_opened_is_shown_before_it_is_undone(
    alice_client, bob, task
):
    page = page_of(alice_client, task)
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    body = {"entry": entry("Args/lr"), "seen": seen}
    by = actor(bob, via=Via.BROWSER)
    set_value(task=task, section="Args", name="lr", value="0.7", seen="<b>0.5", by=by)
    for undo in ("revert/", "revert-to/"):
        answer = alice_client.post(f"/experiments/{task.uid}/history/{undo}", body)
        assert answer.status_code == 409
        told = answer.content.decode()
        assert "Args/lr: changed by somebody since" in told and "0.7" in told
    assert stored(task)["Args"]["lr"] == Item("0.7")
    body["seen"] = re.search(r'name="seen" value="(\d+)"', told)[1]
    answer = alice_client.post(f"/experiments/{task.uid}/history/revert/", body)
    assert answer.status_code == 302 and stored(task)["Args"]["lr"] == Item("0.1")


def test_renames_show_both_names_even_of_a_secret(alice_client, alice, task):
    by = actor(alice, via=Via.BROWSER)
    secret = stored(task)["Args"]["token"]
    edit = Edit("Args", "api_key", secret, secret, "token")
    apply_edits(task=task, edits=[edit], by=by)
    rename_section(task=task, section="Args", to="Net", by=by)
    page = page_of(alice_client, task)
    assert "<bdi>Args/token</bdi>" in page and "<bdi>Args/api_key</bdi>" in page
    assert "Section renamed" in page and "<bdi>Net</bdi>" in page
    assert secret.value not in page


def test_viewers_read_and_strangers_see_nothing(bob_client, charlie_client, task):
    assert ">Undo<" not in page_of(bob_client, task)
    address = f"/experiments/{task.uid}/history/"
    body = {"entry": entry("Args/lr")}
    assert bob_client.post(f"{address}revert/", body).status_code == 403
    assert charlie_client.get(address).status_code in {400, 404}
    assert charlie_client.post(f"{address}revert/", body).status_code in {400, 404}
    assert stored(task)["Args"]["lr"] == Item("<b>0.5")


def test_an_untouched_experiment_says_so(alice_client, project, alice):
    task = make_task(project)
    edit_parameters(task=task, items=[("Args", "lr", Item("1"))], by=actor(alice))
    assert "Nothing was changed" in page_of(alice_client, task)
