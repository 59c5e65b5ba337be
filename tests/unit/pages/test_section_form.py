"""A section as one form: only what was changed is saved, and nothing while a row is refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project, Task
from experiments.operations.parameters import delete_parameters, edit_parameters
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.page_forms import form_in

HTMX = {"HX-Request": "true"}
LR = Item("0.1", "float", "learning rate")
SECRET = "ghp_" + "a1" * 18


@pytest.fixture
def task(project: Project) -> Any:
    parameters = {
        "Args/lr": LR,
        "Args/amp": Item("True", "bool"),
        "Args/text": Item(" a\r\n b ", "str"),
        "Args/token": Item(SECRET, "str"),
        "Args/none": Item(None),
        "Other/x": "1",
        "properties/owner": Item("amy"),
    }
    return make_task(project, name="one", parameters=parameters)


def address_of(task: Any) -> str:
    return f"/experiments/{task.uid}/configuration/section/"


def opened(client: Client, task: Any, section: str = "Args", start: int = 0) -> dict[str, str]:
    page = client.get(address_of(task), {"section": section, "start": start}).content.decode()
    return _places(page, form_in(page, "data-section-form")[1])


def _places(page: str, fields: dict[str, str]) -> dict[str, Any]:
    """Every row says its place; the template of a new row is no row."""
    rows = [name.removesuffix("-seen") for name in fields if name.endswith("-seen")]
    kept = {name: value for name, value in fields.items() if not name.startswith("new-")}
    return {**kept, "row": [place for place in rows if place != "new"]}


def post(client: Client, task: Any, fields: dict[str, Any], **more: Any) -> Any:
    headers = more.pop("headers", {})
    return client.post(address_of(task), {**fields, **more}, headers=headers)


def again(response: Any) -> dict[str, Any]:
    page = response.content.decode()
    return _places(page, form_in(page, "data-section-form")[1])


def items_of(task: Any, section: str = "Args") -> dict[str, Item]:
    return Task.objects.get(pk=task.pk).hyperparams.get(section, {})


def text_of(response: Any) -> str:
    return response.content.decode()


def put(task: Any, name: str, item: Item, section: str = "Args") -> None:
    edit_parameters(task=task, items=[(section, name, item)], by=actor(task.user))


class TestForm:
    def test_a_page_or_a_card(self, alice_client: Client, task: Any) -> None:
        page = text_of(alice_client.get(address_of(task), {"section": "Args"}))
        card = text_of(alice_client.get(address_of(task), {"section": "Args"}, headers=HTMX))
        assert "<!doctype html>" in page and "<!doctype html>" not in card
        assert card.lstrip().startswith("<section") and 'id="section-' in card
        response = alice_client.get(address_of(task), {"section": "Args"}, headers=HTMX)
        assert response["HX-Push-Url"] == "false", "the address stays that of the page"

    def test_three_empty_rows_and_more_when_asked(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        assert len(fields["row"]) == 4 + 3
        response = post(alice_client, task, fields, **{"0-value": "typed", "do": "rows"})
        assert response.status_code == 200
        assert again(response)["0-value"] == "typed"
        assert len(again(response)["row"]) == 4 + 3 + 5
        assert items_of(task)["lr"] == LR

    def test_a_secret_stays_masked(self, alice_client: Client, task: Any) -> None:
        page = text_of(alice_client.get(address_of(task), {"section": "Args"}))
        assert SECRET not in page
        assert "Reveal it in its own row" in page

    def test_a_very_long_value_is_edited_alone(self, alice_client: Client, task: Any) -> None:
        put(task, "long", Item("x" * 100_000, "str"))
        page = text_of(alice_client.get(address_of(task), {"section": "Args"}))
        assert "100,000 characters. Edit it in its own row." in page
        assert len(page) < 60_000

    def test_a_big_section_comes_in_parts(self, alice_client: Client, project: Project) -> None:
        big = make_task(project, parameters={f"Args/p{n:03}": str(n) for n in range(250)})
        first = opened(alice_client, big)
        assert len(first) < 1_000
        assert first["0-name"] == "p000" and "100-value" in first and first["100-name"] == ""
        last = opened(alice_client, big, start=200)
        assert (last["0-name"], last["49-name"]) == ("p200", "p249")
        page = text_of(alice_client.get(address_of(big), {"section": "Args", "start": 100}))
        assert "101 to 200 of 250" in page and "start=200" in page and "start=0" in page
        post(alice_client, big, last, **{"49-value": "new"})
        assert items_of(big)["p249"].value == "new" and items_of(big)["p000"].value == "0"

    @pytest.mark.parametrize("start", ["-1", "x", "9" * 400, "99999", "٣"])
    def test_a_part_that_is_not_there(self, alice_client: Client, task: Any, start: str) -> None:
        query = {"section": "Args", "start": start}
        assert 'value="lr"' in text_of(alice_client.get(address_of(task), query))


class TestSaving:
    def test_untouched_it_changes_nothing(self, alice_client: Client, task: Any) -> None:
        before = items_of(task)
        response = post(alice_client, task, opened(alice_client, task))
        assert response.status_code == 302
        assert items_of(task) == before
        assert not HistoryEntry.objects.exists()

    def test_all_at_once(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        response = post(
            alice_client, task, fields,
            **{"0-value": "0.2", "0-description": "fast", "1-do": "remove", "2-name": "words",
               "5-name": "seed", "5-value": "3", "6-name": "tag", "6-value": "7", "6-type": "str"},
        )  # fmt: skip
        assert response.status_code == 302
        assert items_of(task) == {
            "lr": Item("0.2", "float", "fast"), "words": Item(" a\r\n b ", "str"),
            "token": Item(SECRET, "str"), "none": Item(None), "seed": Item("3", "int"),
            "tag": Item("7", "str"),
        }  # fmt: skip

    def test_htmx_gets_the_section_as_it_reads(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        page = text_of(post(alice_client, task, fields, headers=HTMX, **{"0-value": "0.2"}))
        assert page.lstrip().startswith("<section") and "data-section-form" not in page
        assert 'data-param="Args/lr"' in page and "0.2" in page

    def test_it_merges_with_what_others_do(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        put(task, "amp", Item("False", "bool"))
        put(task, "late", Item("1", "int"))
        assert post(alice_client, task, fields, **{"0-value": "0.2"}).status_code == 302
        found = items_of(task)
        values = found["lr"].value, found["amp"].value, found["late"].value
        assert values == ("0.2", "False", "1")

    def test_sent_twice_it_is_no_conflict(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        rows = {"0-value": "0.2", "1-do": "remove", "5-name": "seed", "5-value": "3"}
        for _ in range(2):
            assert post(alice_client, task, fields, **rows).status_code == 302
        assert items_of(task)["lr"].value == "0.2" and "amp" not in items_of(task)

    def test_names_can_be_swapped(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        post(alice_client, task, fields, **{"0-name": "amp", "1-name": "lr"})
        assert (items_of(task)["amp"], items_of(task)["lr"]) == (LR, Item("True", "bool"))

    def test_user_properties_have_the_same_form(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "properties")
        post(alice_client, task, fields, **{"0-value": "ben", "1-name": "verdict",
                                            "1-value": "keep"})  # fmt: skip
        assert items_of(task, "properties") == {
            "owner": Item("ben"), "verdict": Item("keep", "str")
        }  # fmt: skip


class TestRefusals:
    def test_nothing_is_saved_and_all_typing_kept(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        response = post(
            alice_client, task, fields,
            **{"0-value": "fast", "1-value": "False", "5-value": "no name"},
        )  # fmt: skip
        page = text_of(response)
        assert response.status_code == 422
        assert "Args/lr is a number" in page and "must not be empty" in page
        kept = again(response)
        assert (kept["0-value"], kept["1-value"], kept["5-value"]) == ("fast", "False", "no name")
        assert items_of(task)["amp"].value == "True"

    def test_a_changed_type_is_agreed_to_in_its_row(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        response = post(alice_client, task, fields, **{"0-type": "str", "0-value": "fast"})
        assert response.status_code == 422
        assert "Args/lr is recorded as float; saving makes it str." in text_of(response)
        assert 'name="0-confirmed" value="str"' in text_of(response)
        response = post(alice_client, task, again(response), **{"0-confirmed": "str"})
        assert response.status_code == 302
        assert items_of(task)["lr"] == Item("fast", "str", "learning rate")

    @pytest.mark.parametrize("names", [{"0-name": "amp"}, {"5-name": "lr", "5-value": "1"},
                                       {"5-name": "new", "6-name": "new"}])  # fmt: skip
    def test_two_of_one_name(self, alice_client: Client, task: Any, names: dict[str, str]) -> None:
        before = items_of(task)
        response = post(alice_client, task, opened(alice_client, task), **names)
        assert response.status_code in {409, 422}
        assert items_of(task) == before

    @pytest.mark.parametrize(
        "name", ["a.b", "$x", "net/dim", "#1", "100%", "two words", "größe", "\u202ename",
                 "x" * 1000, "<b>&\"'", "__proto__", "0-name"]
    )  # fmt: skip
    def test_any_name(self, alice_client: Client, task: Any, name: str) -> None:
        value = "x" * 100_000
        row = {"5-name": name, "5-value": value}
        assert post(alice_client, task, opened(alice_client, task), **row).status_code == 302
        assert items_of(task)[name] == Item(value, "str")
        before = items_of(task)
        post(alice_client, task, opened(alice_client, task))
        assert items_of(task) == before

    @pytest.mark.parametrize(("name", "value"), [("x" * 1025, "1"), ("a\x00", "1"), ("a", "\x00")])
    def test_what_cannot_be_kept(
        self, alice_client: Client, task: Any, name: str, value: str
    ) -> None:
        row = {"5-name": name, "5-value": value}
        response = post(alice_client, task, opened(alice_client, task), **row)
        assert response.status_code == 422
        assert 'class="error-text"' in text_of(response)

    def test_rows_that_no_page_has(self, alice_client: Client, task: Any) -> None:
        before = items_of(task)
        fields = {"section": "Args", "row": ["-1", "x", "9" * 30, "0"], "0-seen": "{", "start": "x"}
        assert post(alice_client, task, fields).status_code == 302
        assert items_of(task) == before

    def test_when_it_is_no_draft_any_more(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task)
        change_status(task=task, to=Status.QUEUED, by=actor(task.user))
        response = post(alice_client, task, fields, **{"0-value": "0.2"})
        assert response.status_code == 422
        assert "draft" in text_of(response) and again(response)["0-value"] == "0.2"
        assert alice_client.get(address_of(task), {"section": "Args"}).status_code == 302

    def test_a_viewer_has_no_form(self, bob_client: Client, task: Any) -> None:
        assert bob_client.get(address_of(task), {"section": "Args"}).status_code == 302
        assert post(bob_client, task, {"section": "Args"}).status_code == 403


class TestConflicts:
    def stale(self, client: Client, task: Any) -> Any:
        fields = opened(client, task)
        put(task, "lr", Item("0.5", "float", "learning rate"))
        return post(client, task, fields, **{"0-value": "0.2", "1-value": "False"})

    def test_both_values_stand_at_the_row(self, alice_client: Client, task: Any) -> None:
        response = self.stale(alice_client, task)
        page = text_of(response)
        assert response.status_code == 409
        assert "<bdi>0.5</bdi>" in page and "<bdi>0.2</bdi>" in page
        assert again(response)["1-value"] == "False"
        assert items_of(task)["lr"].value == "0.5" and items_of(task)["amp"].value == "True"

    def test_it_has_to_be_decided(self, alice_client: Client, task: Any) -> None:
        response = self.stale(alice_client, task)
        response = post(alice_client, task, again(response))
        assert response.status_code == 409
        assert "<bdi>0.5</bdi>" in text_of(response)
        assert items_of(task)["lr"].value == "0.5"

    @pytest.mark.parametrize(("choice", "value"), [("mine", "0.2"), ("theirs", "0.5")])
    def test_either_side_can_stay(
        self, alice_client: Client, task: Any, choice: str, value: str
    ) -> None:
        response = self.stale(alice_client, task)
        response = post(alice_client, task, again(response), **{"0-choice": choice})
        assert response.status_code == 302
        assert items_of(task)["lr"].value == value
        assert items_of(task)["amp"].value == "False"

    def test_a_third_change_is_not_overwritten(self, alice_client: Client, task: Any) -> None:
        response = self.stale(alice_client, task)
        put(task, "lr", Item("0.7", "float", "learning rate"))
        response = post(alice_client, task, again(response), **{"0-choice": "mine"})
        assert response.status_code == 409
        assert items_of(task)["lr"].value == "0.7"

    @pytest.mark.parametrize(("choice", "there"), [("mine", True), ("theirs", False)])
    def test_what_somebody_deleted(
        self, alice_client: Client, task: Any, choice: str, there: bool
    ) -> None:
        fields = opened(alice_client, task)
        delete_parameters(task=task, targets=[("Args", "lr")], by=actor(task.user))
        response = post(alice_client, task, fields, **{"0-value": "0.2"})
        assert response.status_code == 409
        assert "Somebody removed it meanwhile" in text_of(response)
        response = post(alice_client, task, again(response), **{"0-choice": choice})
        assert response.status_code == 302
        assert ("lr" in items_of(task)) == there


class TestAdding:
    def test_a_section(self, alice_client: Client, task: Any) -> None:
        fields = opened(alice_client, task, "")
        response = post(
            alice_client, task, fields, name=" Mine ", **{"0-name": "a", "0-value": "1"}
        )
        assert response.status_code == 302
        assert quote("Mine") in response["Location"]
        assert items_of(task, "Mine") == {"a": Item("1", "int")}

    @pytest.mark.parametrize(
        ("name", "said"),
        [("Args", "already"), ("", "must not be empty"), ("a/b", "slash"),
         ("Properties", "section of their own"), ("x" * 1025, "at most 1024"), ("\x00", "NUL")],
    )  # fmt: skip
    def test_a_name_that_cannot_be(
        self, alice_client: Client, task: Any, name: str, said: str
    ) -> None:
        fields = opened(alice_client, task, "")
        response = post(alice_client, task, fields, name=name, **{"0-name": "a", "0-value": "1"})
        assert response.status_code == 422
        assert said in text_of(response) and again(response)["0-name"] == "a"

    def test_an_empty_one_says_why_not(self, alice_client: Client, task: Any) -> None:
        response = post(alice_client, task, opened(alice_client, task, ""), name="Mine")
        assert response.status_code == 422
        assert "at least one parameter" in text_of(response)
        assert again(response)["name"] == "Mine"
