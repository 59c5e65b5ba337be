"""Editing in place: saved, refused, stale; with htmx and as plain forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from experiments.models import HistoryEntry, Project, Task
from experiments.operations.parameters import set_value
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(project: Project) -> Any:
    parameters = {"Args/lr": Item("0.1", "float"), "Args/text": Item("a\r\nb"),
                  "properties/owner": Item("amy")}  # fmt: skip
    return make_task(project, name="one", parameters=parameters)


def save(client: Client, task: Any, key: str, value: str, seen: str | None, **more: Any) -> Any:
    headers = more.pop("headers", HTMX)
    section, _, name = key.partition("/")
    data = {"section": section, "name": name, "value": value, "seen": json.dumps(seen), **more}
    address = f"/experiments/{task.uid}/configuration/edit/"
    response: HttpResponse = client.post(address, data, headers=headers)
    return response


def stored(task: Any, key: str) -> str | None:
    section, _, name = key.partition("/")
    item = Task.objects.get(pk=task.pk).hyperparams.get(section, {}).get(name)
    return item and item.value


def run(task: Any, *statuses: Status) -> None:
    for status in statuses:
        task = change_status(task=task, to=status, by=actor(task.user))


class TestForm:
    def test_it_carries_the_value_that_was_read(self, alice_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/edit/?key=Args/lr"
        html = alice_client.get(address, headers=HTMX).content.decode()
        assert html.lstrip().startswith("<tr")
        assert 'name="seen" value="&quot;0.1&quot;"' in html
        page = alice_client.get(address).content.decode()
        assert "<!doctype html>" in page
        assert 'name="seen" value="&quot;0.1&quot;"' in page

    def test_line_ends_survive_the_form(self, alice_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/edit/?key=Args/text"
        html = alice_client.get(address, headers=HTMX).content.decode()
        assert r"&quot;a\r\nb&quot;" in html
        assert save(alice_client, task, "Args/text", "a\r\nc", "a\r\nb").status_code == 200
        assert stored(task, "Args/text") == "a\r\nc"

    def test_a_browsers_line_ends_do_not_come_in(self, alice_client: Client, task: Any) -> None:
        save(alice_client, task, "properties/note", "x\r\ny", None)
        assert stored(task, "properties/note") == "x\ny"


class TestSaving:
    def test_htmx_gets_the_row(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", "0.1")
        assert response.status_code == 200
        assert b'data-param="Args/lr"' in response.content
        assert b"<form" not in response.content
        assert stored(task, "Args/lr") == "0.2"

    def test_a_plain_form_goes_back_to_the_page(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", "0.1", headers={})
        assert response.status_code == 302
        page = f"/experiments/{task.uid}/configuration/?section=Args#section-"
        assert response["Location"].startswith(page)
        assert stored(task, "Args/lr") == "0.2"

    def test_the_history_has_who_and_what(
        self, alice_client: Client, alice: Any, task: Any
    ) -> None:
        save(alice_client, task, "properties/owner", "ben", "amy")
        entry = HistoryEntry.objects.get(task=task)
        assert (entry.key, entry.old, entry.new) == ("properties/owner", "amy", "ben")
        assert (entry.by, entry.via) == (alice, "browser")

    def test_it_adds_and_removes(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "properties/ new ", "1", None)
        assert b'data-param="properties/new"' in response.content
        assert stored(task, "properties/new") == "1"
        assert save(alice_client, task, "properties/new", "", "1", do="remove").content == b""
        assert stored(task, "properties/new") is None


class TestRefusals:
    def test_a_wrong_value_keeps_the_typing(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "fast", "0.1")
        assert response.status_code == 422
        assert b'value="fast"' in response.content
        assert b"is a number" in response.content
        assert stored(task, "Args/lr") == "0.1"

    def test_a_stale_save_shows_both_values(self, alice_client: Client, task: Any) -> None:
        set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1",
                  by=actor(task.user))  # fmt: skip
        response = save(alice_client, task, "Args/lr", "0.2", "0.1")
        html = response.content.decode()
        assert response.status_code == 409
        assert "<bdi>0.5</bdi>" in html
        assert 'value="0.2"' in html
        assert stored(task, "Args/lr") == "0.5"
        assert 'name="seen" value="&quot;0.5&quot;"' in html

    def test_a_plain_stale_save_is_a_whole_page(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", "0.3", headers={})
        assert response.status_code == 409
        assert b"<!doctype html>" in response.content

    def test_a_name_that_exists_is_not_overwritten(self, alice_client: Client, task: Any) -> None:
        assert save(alice_client, task, "Args/lr", "9", None).status_code == 409
        assert stored(task, "Args/lr") == "0.1"

    def test_a_name_that_cannot_be_is_refused(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "properties/" + "x" * 1025, "1", None)
        assert response.status_code == 422
        assert b"characters" in response.content

    def test_a_viewer_is_refused(self, bob_client: Client, task: Any) -> None:
        assert save(bob_client, task, "Args/lr", "0.2", "0.1").status_code == 403

    def test_after_the_run_only_properties_can_change(
        self, alice_client: Client, task: Any
    ) -> None:
        run(task, Status.IN_PROGRESS, Status.COMPLETED)
        response = save(alice_client, task, "Args/lr", "0.2", "0.1")
        assert response.status_code == 422
        assert b"draft" in response.content
        assert save(alice_client, task, "properties/owner", "ben", "amy").status_code == 200
        page = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
        assert page.count('class="edit"') == 1

    def test_published_is_read_only_and_says_so(self, alice_client: Client, task: Any) -> None:
        run(task, Status.IN_PROGRESS, Status.COMPLETED, Status.PUBLISHED)
        assert save(alice_client, task, "properties/owner", "ben", "amy").status_code == 422
        page = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
        assert "published experiment is read-only" in page
        assert 'class="edit"' not in page
