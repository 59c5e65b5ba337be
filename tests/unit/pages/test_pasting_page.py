"""Pasting many parameters: nothing is saved before it was shown, and nothing that changed since."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import HistoryEntry, Project, Task
from experiments.operations.parameters import edit_parameters
from experiments.operations.status import change_status
from experiments.rules.copying import Copy, copy_text
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task

SECRET = "ghp_" + "a1" * 18


@pytest.fixture
def task(project: Project) -> Any:
    parameters = {
        "Args/lr": Item("0.1", "float", "learning rate"),
        "Args/amp": Item("True", "bool"),
        "Args/token": Item(SECRET, "str"),
        "Other/x": Item("1", "int"),
        "properties/owner": Item("amy", "str"),
    }
    return make_task(project, name="one", parameters=parameters)


def post(client: Client, task: Any, text: str, do: str = "preview", **more: str) -> Any:
    address = f"/experiments/{task.uid}/configuration/paste/"
    return client.post(address, {"text": text, "do": do, "section": "Args", **more})


def seals_in(response: Any) -> str:
    [found] = re.findall('name="seals" value="([^"]+)"', response.content.decode())
    return found


def save(client: Client, task: Any, text: str, **more: str) -> Any:
    """Looks, then saves what was shown."""
    shown = post(client, task, text, **more)
    return post(client, task, text, "save", seals=seals_in(shown), **more)


def text_of(response: Any) -> str:
    return response.content.decode()


def states(response: Any) -> dict[str, str]:
    rows = re.findall(
        r'data-state="([^"]+)".*?<th scope="row"><bdi>(.*?)</bdi>', text_of(response), re.DOTALL
    )
    return {key: state for state, key in rows}


def document_of(task: Any) -> Any:
    return Task.objects.get(pk=task.pk).hyperparams


class TestPreview:
    def test_the_form(self, alice_client: Client, task: Any) -> None:
        page = text_of(
            alice_client.get(f"/experiments/{task.uid}/configuration/paste/?section=Args")
        )
        assert 'name="section" value="Args"' in page and 'name="text"' in page

    def test_what_each_row_would_do(self, alice_client: Client, task: Any) -> None:
        text = "lr = 0.2\namp = True\nseed = 3\namp2 = yes\nx y"
        response = post(alice_client, task, text)
        assert states(response) == {
            "Args/lr": "changes", "Args/amp": "same", "Args/seed": "new", "Args/amp2": "new"
        }  # fmt: skip
        page = text_of(response)
        assert "Line 5, column 1" in page
        assert "Save 3 parameters" in page and "lines of name and value" in page
        assert document_of(task) == task.hyperparams

    def test_what_is_wrong_has_its_reason_and_is_left_out(
        self, alice_client: Client, task: Any
    ) -> None:
        response = post(alice_client, task, "lr = fast\nseed = 3")
        assert states(response) == {"Args/lr": "wrong", "Args/seed": "new"}
        assert "Args/lr is a number" in text_of(response)
        assert save(alice_client, task, "lr = fast\nseed = 3").status_code == 302
        assert document_of(task)["Args"]["lr"].value == "0.1"
        assert document_of(task)["Args"]["seed"] == Item("3", "int")

    def test_secrets_stay_masked(self, alice_client: Client, task: Any) -> None:
        other = "ghp_" + "b2" * 18
        page = text_of(post(alice_client, task, f"token = {other}"))
        assert SECRET not in page
        assert page.count(other) == 1, "the text itself only"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"text": ""}, "nothing in it"), ({"text": "a\x00 = 1"}, "NUL"),
         ({"text": "x" * 400_001}, "at most"), ({"text": "a=1", "section": "a/b"}, "slash"),
         ({"text": "a=1", "section": "x" * 1025}, "at most 1024")],
    )  # fmt: skip
    def test_what_cannot_be_read(
        self, alice_client: Client, task: Any, fields: dict[str, str], said: str
    ) -> None:
        response = post(alice_client, task, fields.pop("text"), **fields)
        assert response.status_code == 422
        assert said in text_of(response)

    def test_a_viewer_is_sent_back(self, bob_client: Client, task: Any) -> None:
        address = f"/experiments/{task.uid}/configuration/paste/"
        assert bob_client.get(address).status_code == 302
        assert post(bob_client, task, "a = 1").status_code == 403


class TestSaving:
    def test_all_of_it_in_one_edit(self, alice_client: Client, task: Any) -> None:
        response = save(alice_client, task, "lr = 0.2\nseed = 3\nnet/dim = 8")
        assert response.status_code == 302
        found = document_of(task)["Args"]
        assert found["lr"] == Item("0.2", "float", "learning rate")
        assert (found["seed"], found["net/dim"]) == (Item("3", "int"), Item("8", "int"))
        assert HistoryEntry.objects.filter(what="parameters").count() == 3

    def test_into_the_whole_the_names_say_the_section(
        self, alice_client: Client, task: Any
    ) -> None:
        text = '{"Args": {"lr": 0.5}, "Mine": {"a": true}, "properties": {"owner": "ben"}}'
        assert save(alice_client, task, text, section="").status_code == 302
        found = document_of(task)
        assert found["Args"]["lr"].value == "0.5"
        assert found["Mine"]["a"] == Item("True", "bool")
        assert found["properties"]["owner"].value == "ben"

    def test_into_a_new_section(self, alice_client: Client, task: Any) -> None:
        save(alice_client, task, "a = 1", section="Mine")
        assert document_of(task)["Mine"] == {"a": Item("1", "int")}

    @pytest.mark.parametrize("how", [Copy.JSON, Copy.YAML, Copy.ENV])
    def test_our_own_copy_moves_to_another_experiment(
        self, alice_client: Client, task: Any, project: Project, how: Copy
    ) -> None:
        other = make_task(project, parameters={"Args/lr": Item("9.0", "float")})
        text = copy_text(task.hyperparams, how)
        section = "Args" if how is Copy.ENV else ""
        assert save(alice_client, other, text, section=section).status_code == 302
        assert document_of(other)["Args"]["lr"] == Item("0.1", "float")
        assert "token" not in document_of(other)["Args"], "a mask is no value"

    def test_a_change_of_type_is_saved_when_it_is_ticked(
        self, alice_client: Client, task: Any
    ) -> None:
        text = '{"lr": "fast", "seed": 3}'
        shown = post(alice_client, task, text)
        assert states(shown) == {"Args/lr": "changes type", "Args/seed": "new"}
        assert "was float" in text_of(shown)
        save(alice_client, task, text)
        assert document_of(task)["Args"]["lr"].value == "0.1"
        save(alice_client, task, text, retypes="on")
        assert document_of(task)["Args"]["lr"] == Item("fast", "str", "learning rate")

    @pytest.mark.parametrize("seals", ["", "x", "0123456789abcdef"])
    def test_nothing_is_saved_that_was_not_shown(
        self, alice_client: Client, task: Any, seals: str
    ) -> None:
        response = post(alice_client, task, "lr = 0.2", "save", seals=seals)
        assert response.status_code == 422
        assert "another than the one that was shown" in text_of(response)
        assert document_of(task) == task.hyperparams

    def test_another_text_is_shown_first(self, alice_client: Client, task: Any) -> None:
        seals = seals_in(post(alice_client, task, "lr = 0.2"))
        assert post(alice_client, task, "lr = 0.3", "save", seals=seals).status_code == 422
        assert document_of(task)["Args"]["lr"].value == "0.1"

    @pytest.mark.parametrize("name", ["lr", "seed", "amp"])
    def test_what_changed_since_it_was_shown_is_shown_again(
        self, alice_client: Client, task: Any, name: str
    ) -> None:
        text = "lr = 0.2\nseed = 3\namp = True"
        seals = seals_in(post(alice_client, task, text))
        item = {"lr": Item("0.7", "float"), "seed": Item("4", "int"), "amp": Item("False", "bool")}
        edit_parameters(task=task, items=[("Args", name, item[name])], by=actor(task.user))
        response = post(alice_client, task, text, "save", seals=seals)
        assert response.status_code == 409
        assert "changed meanwhile" in text_of(response) and item[name].value in text_of(response)
        assert document_of(task)["Args"][name] == item[name]
        seals = seals_in(response)
        assert post(alice_client, task, text, "save", seals=seals).status_code == 302
        assert document_of(task)["Args"]["lr"].value == "0.2"

    def test_after_the_run_only_properties(self, alice_client: Client, task: Any) -> None:
        for status in (Status.IN_PROGRESS, Status.COMPLETED):
            task = change_status(task=task, to=status, by=actor(task.user))
        text = "Args/lr = 0.2\nproperties/verdict = keep"
        response = post(alice_client, task, text, section="")
        assert states(response) == {"Args/lr": "wrong", "properties/verdict": "new"}
        assert "draft only" in text_of(response)
        assert save(alice_client, task, text, section="").status_code == 302
        assert document_of(task)["Args"]["lr"].value == "0.1"
        assert document_of(task)["properties"]["verdict"] == Item("keep", "str")

    def test_ten_thousand_at_once(self, alice_client: Client, task: Any) -> None:
        text = "\n".join(f"p{n} = {n}" for n in range(10_000))
        shown = post(alice_client, task, text)
        assert "and 9000 more" in text_of(shown)
        response = post(alice_client, task, text, "save", seals=seals_in(shown))
        assert response.status_code == 302
        assert document_of(task)["Args"]["p9999"] == Item("9999", "int")
