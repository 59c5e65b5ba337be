"""Editing in place: saved, refused, stale; with htmx and as plain forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from experiments.models import HistoryEntry, Project, Task
from experiments.operations.parameters import edit_parameters
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.one_value import set_value
from tests.page_forms import form_in

HTMX = {"HX-Request": "true"}
CHOICES = "Values:\nRED,\nGREEN"
ODD_NAMES = ["a.b", "$x", "net/dim", "#1", "100%", "two words", "größe", "\u202ename", "x" * 1000,
             "<b>&\"'", "__proto__"]  # fmt: skip


@pytest.fixture
def task(project: Project) -> Any:
    parameters = {
        "Args/lr": Item("0.1", "float", "learning rate"),
        "Args/text": Item("a\r\nb"),
        "Args/amp": Item("True", "bool"),
        "Args/colour": Item("RED", "Colour", CHOICES),
        "Args/words": Item("some", "str"),
        "Args/none": Item(None, "int"),
        "properties/owner": Item("amy"),
    }
    return make_task(project, name="one", parameters=parameters)


def address_of(task: Any) -> str:
    return f"/experiments/{task.uid}/configuration/edit/"


def opened(client: Client, task: Any, key: str) -> dict[str, str]:
    """The fields of a value's form, as it is opened."""
    page = client.get(address_of(task), {"key": key}).content.decode()
    return form_in(page)[1]


def post(client: Client, task: Any, fields: dict[str, str], **more: Any) -> Any:
    headers = more.pop("headers", HTMX)
    response: HttpResponse = client.post(address_of(task), fields | more, headers=headers)
    return response


def save(client: Client, task: Any, key: str, value: str, **more: Any) -> Any:
    return post(client, task, opened(client, task, key), value=value, **more)


def add(client: Client, task: Any, key: str, value: str, **more: Any) -> Any:
    section, _, name = key.partition("/")
    return post(client, task, {"section": section, "name": name, "value": value, **more})


def stored(task: Any, key: str) -> str | None:
    found = item_of(task, key)
    return found and found.value


def item_of(task: Any, key: str) -> Item | None:
    section, _, name = key.partition("/")
    return Task.objects.get(pk=task.pk).hyperparams.get(section, {}).get(name)


def text_of(response: Any) -> str:
    return response.content.decode()


def run(task: Any, *statuses: Status) -> None:
    for status in statuses:
        task = change_status(task=task, to=status, by=actor(task.user))


class TestForm:
    def test_it_carries_all_that_was_read(self, alice_client: Client, task: Any) -> None:
        html = text_of(alice_client.get(address_of(task), {"key": "Args/lr"}, headers=HTMX))
        assert html.lstrip().startswith("<tr")
        assert json.loads(form_in(html)[1]["seen"]) == {
            "name": "lr", "value": "0.1", "type": "float", "description": "learning rate"
        }  # fmt: skip
        page = text_of(alice_client.get(address_of(task), {"key": "Args/lr"}))
        assert "<!doctype html>" in page and form_in(page)[1]["seen"] == form_in(html)[1]["seen"]

    def test_line_ends_survive_the_form(self, alice_client: Client, task: Any) -> None:
        assert r'"a\r\nb"' in opened(alice_client, task, "Args/text")["seen"]
        assert save(alice_client, task, "Args/text", "a\r\nc").status_code == 200
        assert stored(task, "Args/text") == "a\r\nc"

    def test_every_kind_of_line_end_survives_a_browser(
        self, alice_client: Client, task: Any
    ) -> None:
        odd = Item("a\r\nb\nc\rd\n\n", " odd ", "one\r\ntwo\n")
        edit_parameters(task=task, items=[("Args", "odd", odd)], by=actor(task.user))
        fields = opened(alice_client, task, "Args/odd")
        sent = {
            name: text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
            for name, text in fields.items()
        }
        assert post(alice_client, task, sent).status_code == 200
        assert item_of(task, "Args/odd") == odd
        sent["value"] = sent["value"].replace("c", "C")
        assert post(alice_client, task, sent).status_code == 200
        assert stored(task, "Args/odd") == "a\r\nb\nC\nd\n\n", "other lines keep theirs"

    def test_a_browsers_line_ends_do_not_come_in(self, alice_client: Client, task: Any) -> None:
        add(alice_client, task, "properties/note", "x\r\ny")
        assert stored(task, "properties/note") == "x\ny"

    def test_what_nobody_typed_stays_as_it_is(self, alice_client: Client, task: Any) -> None:
        for key in ("Args/lr", "Args/text", "Args/none", "Args/colour", "properties/owner"):
            before = item_of(task, key)
            assert post(alice_client, task, opened(alice_client, task, key)).status_code == 200
            assert item_of(task, key) == before
        assert not HistoryEntry.objects.exists()

    @pytest.mark.parametrize(
        ("key", "field", "empty"),
        [
            ("Args/lr", 'inputmode="decimal"', "Empty means None."),
            ("Args/amp", '<option value="" >None (empty)', "Empty means None, or False"),
            ("Args/colour", '<option value="GREEN">GREEN', "Empty means empty text."),
            ("Args/words", '<input class="value-field"', "Empty means empty text."),
            ("Args/text", '<textarea class="value-field"', "Empty means None."),
        ],
    )
    def test_the_field_fits_the_type(
        self, alice_client: Client, task: Any, key: str, field: str, empty: str
    ) -> None:
        page = text_of(alice_client.get(address_of(task), {"key": key}))
        assert field.replace(" >", ">") in page
        assert empty in page

    def test_a_value_that_is_no_choice_is_offered_as_it_is(
        self, alice_client: Client, task: Any
    ) -> None:
        edit_parameters(task=task, items=[("Args", "amp", Item("yes", "bool"))],
                        by=actor(task.user))  # fmt: skip
        assert opened(alice_client, task, "Args/amp")["value"] == "yes"

    def test_its_history_is_a_click_away(self, alice_client: Client, task: Any) -> None:
        page = text_of(alice_client.get(address_of(task), {"key": "Args/lr"}))
        assert f'href="/experiments/{task.uid}/history/?key=Args%2Flr"' in page


class TestSaving:
    def test_htmx_gets_the_row(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2")
        assert response.status_code == 200
        assert b'data-param="Args/lr"' in response.content
        assert b"<form" not in response.content
        assert stored(task, "Args/lr") == "0.2"

    def test_a_plain_form_goes_back_to_the_parameter(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", headers={})
        assert response.status_code == 302
        page = f"/experiments/{task.uid}/configuration/?key=Args%2Flr#param-"
        assert response["Location"].startswith(page)
        assert stored(task, "Args/lr") == "0.2"

    def test_the_history_has_who_and_what(
        self, alice_client: Client, alice: Any, task: Any
    ) -> None:
        save(alice_client, task, "properties/owner", "ben")
        entry = HistoryEntry.objects.get(task=task)
        assert (entry.key, entry.old, entry.new) == ("properties/owner", "amy", "ben")
        assert (entry.by, entry.via) == (alice, "browser")

    def test_it_adds_and_removes(self, alice_client: Client, task: Any) -> None:
        response = add(alice_client, task, "properties/ new ", "1")
        assert b'data-param="properties/new"' in response.content
        assert stored(task, "properties/new") == "1"
        response = save(alice_client, task, "properties/new", "", do="remove")
        assert response.content == b""
        assert stored(task, "properties/new") is None

    @pytest.mark.parametrize(
        ("value", "type_"), [("1", "int"), ("1e-4", "float"), ("True", "bool"), ("", "str"),
                             ("[1, 2]", "list/int"), ("word", "str")]
    )  # fmt: skip
    def test_a_new_parameter_gets_the_type_of_its_value(
        self, alice_client: Client, task: Any, value: str, type_: str
    ) -> None:
        response = add(alice_client, task, "Args/new", value)
        assert item_of(task, "Args/new") == Item(value, type_)
        assert f'data-type="{type_}"' in text_of(response)

    def test_a_new_parameter_can_be_given_a_type(self, alice_client: Client, task: Any) -> None:
        add(alice_client, task, "Args/new", "1", type="str", description="a word")
        assert item_of(task, "Args/new") == Item("1", "str", "a word")

    def test_name_and_description_change_with_it(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", name="rate", description="how fast")
        assert 'data-param="Args/rate"' in text_of(response)
        assert item_of(task, "Args/rate") == Item("0.2", "float", "how fast")
        assert item_of(task, "Args/lr") is None
        names = list(Task.objects.get(pk=task.pk).hyperparams["Args"])
        assert names[0] == "rate", "it keeps its place"

    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_any_name_and_a_long_value(self, alice_client: Client, task: Any, name: str) -> None:
        value = "<&>\"' \t" * 12_500
        assert add(alice_client, task, f"properties/{name}", value).status_code == 200
        assert stored(task, f"properties/{name}") == value
        fields = opened(alice_client, task, f"properties/{name}")
        assert fields["value"] == value
        assert post(alice_client, task, fields, value="short").status_code == 200
        assert stored(task, f"properties/{name}") == "short"


class TestTypes:
    def test_a_changed_type_is_asked_about_first(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "fast", type="str")
        page = text_of(response)
        assert response.status_code == 422
        assert "Args/lr is recorded as float; saving makes it str." in page
        assert "Save as str" in page and "<details" in page and 'value="fast"' in page
        assert item_of(task, "Args/lr") == Item("0.1", "float", "learning rate")
        assert post(alice_client, task, form_in(page)[1], confirmed="str").status_code == 200
        assert item_of(task, "Args/lr") == Item("fast", "str", "learning rate")

    def test_agreeing_to_one_type_is_not_agreeing_to_another(
        self, alice_client: Client, task: Any
    ) -> None:
        response = save(alice_client, task, "Args/lr", "1", type="int", confirmed="str")
        assert response.status_code == 422
        assert "saving makes it int" in text_of(response)

    def test_what_was_agreed_to_is_not_asked_twice(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "fast", type="int", confirmed="int")
        assert response.status_code == 422
        assert "is a whole number" in text_of(response)
        again = post(alice_client, task, form_in(text_of(response))[1], value="3")
        assert again.status_code == 200
        assert item_of(task, "Args/lr") == Item("3", "int", "learning rate")


class TestRefusals:
    def test_a_wrong_value_keeps_the_typing(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "Args/lr", "fast")
        assert response.status_code == 422
        assert b'value="fast"' in response.content
        assert "Args/lr is a number" in text_of(response)
        assert stored(task, "Args/lr") == "0.1"

    def test_a_name_that_is_taken_is_refused_at_the_name(
        self, alice_client: Client, task: Any
    ) -> None:
        response = save(alice_client, task, "Args/lr", "0.2", name="amp")
        assert response.status_code == 422
        assert "There is a parameter Args/amp already." in text_of(response)
        assert 'name="name" value="amp"' in text_of(response)
        assert stored(task, "Args/lr") == "0.1" and stored(task, "Args/amp") == "True"

    def test_a_stale_save_shows_both_values(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/lr")
        set_value(task=task, section="Args", name="lr", value="0.5", seen="0.1",
                  by=actor(task.user))  # fmt: skip
        response = post(alice_client, task, fields, value="0.2")
        html = text_of(response)
        assert response.status_code == 409
        assert "<bdi>0.5</bdi>" in html and 'value="0.2"' in html
        assert stored(task, "Args/lr") == "0.5"
        assert post(alice_client, task, form_in(html)[1]).status_code == 200
        assert stored(task, "Args/lr") == "0.2"

    def test_a_changed_description_is_a_conflict_and_survives(
        self, alice_client: Client, task: Any
    ) -> None:
        fields = opened(alice_client, task, "Args/lr")
        edit_parameters(task=task, items=[("Args", "lr", Item("0.1", "float", "theirs"))],
                        by=actor(task.user))  # fmt: skip
        response = post(alice_client, task, fields, value="0.2")
        assert response.status_code == 409
        post(alice_client, task, form_in(text_of(response))[1])
        assert item_of(task, "Args/lr") == Item("0.2", "float", "theirs")

    def test_what_somebody_removed_can_be_put_back(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/lr")
        save(alice_client, task, "Args/lr", "", do="remove")
        response = post(alice_client, task, fields, value="0.2")
        assert response.status_code == 409
        assert "Somebody removed it" in text_of(response)
        assert post(alice_client, task, form_in(text_of(response))[1]).status_code == 200
        assert stored(task, "Args/lr") == "0.2"

    def test_what_somebody_changed_is_not_removed(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/lr")
        save(alice_client, task, "Args/lr", "0.5")
        response = post(alice_client, task, fields, do="remove")
        assert response.status_code == 409
        assert "Delete it all the same" in text_of(response)
        assert stored(task, "Args/lr") == "0.5"

    def test_a_secret_is_not_shown_by_a_conflict(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/words")
        edit_parameters(task=task, items=[("Args", "words", Item("ghp_" + "a1" * 18, "str"))],
                        by=actor(task.user))  # fmt: skip
        response = post(alice_client, task, fields, value="mine")
        assert response.status_code == 409
        assert "ghp_" not in text_of(response) and "secret" in text_of(response)

    @pytest.mark.parametrize("more", [{"value": "0.2"}, {"do": "remove"}])
    def test_a_form_sent_twice_is_no_conflict(
        self, alice_client: Client, task: Any, more: dict[str, str]
    ) -> None:
        fields = opened(alice_client, task, "Args/lr")
        for _ in range(2):
            assert post(alice_client, task, fields, **more).status_code == 200
        assert HistoryEntry.objects.count() == 1

    def test_a_plain_stale_save_is_a_whole_page(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/lr")
        save(alice_client, task, "Args/lr", "0.3")
        response = post(alice_client, task, fields, value="0.2", headers={})
        assert response.status_code == 409
        assert b"<!doctype html>" in response.content

    def test_a_name_that_exists_is_not_overwritten(self, alice_client: Client, task: Any) -> None:
        response = add(alice_client, task, "Args/lr", "9")
        assert response.status_code == 409
        assert stored(task, "Args/lr") == "0.1"
        assert post(alice_client, task, form_in(text_of(response))[1]).status_code == 200
        assert item_of(task, "Args/lr") == Item("9", "float", "learning rate")

    @pytest.mark.parametrize("name", ["", " ", "x" * 1025, "a\x00b"])
    def test_a_name_that_cannot_be_is_refused(
        self, alice_client: Client, task: Any, name: str
    ) -> None:
        response = add(alice_client, task, f"properties/{name}", "typed")
        assert response.status_code == 422
        assert 'role="alert"' in text_of(response) and 'value="typed"' in text_of(response)

    @pytest.mark.parametrize(
        "seen", ["", "[]", "{", '"0.1"', '{"name": 1}', '{"name": "lr", "value": 3}']
    )
    def test_what_no_page_has_sent_overwrites_nothing(
        self, alice_client: Client, task: Any, seen: str
    ) -> None:
        fields = {"section": "Args", "name": "lr", "value": "9", "seen": seen}
        assert post(alice_client, task, fields).status_code == 409
        assert stored(task, "Args/lr") == "0.1"

    def test_a_viewer_is_refused(self, alice_client: Client, bob_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "Args/lr")
        assert post(bob_client, task, fields, value="0.2").status_code == 403

    def test_after_the_run_only_properties_can_change(
        self, alice_client: Client, task: Any
    ) -> None:
        fields = opened(alice_client, task, "Args/lr")
        run(task, Status.IN_PROGRESS, Status.COMPLETED)
        response = post(alice_client, task, fields, value="0.2")
        assert response.status_code == 422
        assert b"draft" in response.content
        assert b'value="0.2"' in response.content
        assert save(alice_client, task, "properties/owner", "ben").status_code == 200
        page = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
        assert page.count('class="edit"') == 1

    def test_what_became_read_only_leads_to_where_it_says_why(
        self, alice_client: Client, task: Any
    ) -> None:
        run(task, Status.QUEUED)
        asked = {"key": "Args/lr"}
        plain = alice_client.get(address_of(task), asked)
        assert plain.status_code == 302
        swapped = alice_client.get(address_of(task), asked, headers=HTMX)
        assert swapped["HX-Redirect"] == plain["Location"] and not swapped.content
        page = text_of(alice_client.get(plain["Location"].partition("#")[0]))
        assert "parameters can be edited in a draft only" in page

    def test_published_is_read_only_and_says_so(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "properties/owner")
        run(task, Status.IN_PROGRESS, Status.COMPLETED, Status.PUBLISHED)
        assert post(alice_client, task, fields, value="ben").status_code == 422
        page = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
        assert "published experiment is read-only" in page
        assert 'class="edit"' not in page
