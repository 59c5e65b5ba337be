"""What is done to a section as a whole: renamed, described, deleted; properties unlocked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import HistoryEntry, ParameterSection, Project, Task
from experiments.operations.parameters import edit_parameters
from experiments.operations.sections import describe_section
from experiments.operations.status import change_status
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task

LR = Item("0.1", "float", "learning rate")
SECRET = "ghp_" + "a1" * 18


@pytest.fixture
def task(project: Project) -> Any:
    parameters = {
        "Args/lr": LR,
        "Args/amp": Item("True", "bool"),
        "Args/token": Item(SECRET, "str"),
        "Other/x": "1",
        "properties/owner": Item("amy"),
    }
    return make_task(project, name="one", parameters=parameters)


def items_of(task: Any, section: str = "Args") -> dict[str, Item]:
    return Task.objects.get(pk=task.pk).hyperparams.get(section, {})


def text_of(response: Any) -> str:
    return response.content.decode()


class TestAbout:
    def about(self, client: Client, task: Any, **fields: str) -> Any:
        address = f"/experiments/{task.uid}/configuration/describe/"
        return client.post(address, {"section": "Args", **fields})

    def test_the_form_has_what_there_is(self, alice_client: Client, task: Any) -> None:
        describe_section(task=task, section="Args", description="of the script", collapsed=True,
                         by=actor(task.user))  # fmt: skip
        address = f"/experiments/{task.uid}/configuration/describe/?section=Args"
        page = text_of(alice_client.get(address))
        assert "of the script" in page and 'name="folded" checked' in page

    def test_it_is_renamed_with_what_was_said_of_it(self, alice_client: Client, task: Any) -> None:
        response = self.about(alice_client, task, to="Flags", description="of the script")
        assert response.status_code == 302
        assert items_of(task, "Flags")["lr"] == LR and not items_of(task)
        fact = ParameterSection.objects.get(task=task)
        assert (fact.name, fact.description) == ("Flags", "of the script")

    @pytest.mark.parametrize("name", ["Other", "", "a/b", "properties", "x" * 1025])
    def test_a_name_that_cannot_be(self, alice_client: Client, task: Any, name: str) -> None:
        before = Task.objects.get(pk=task.pk).hyperparams
        response = self.about(alice_client, task, to=name, description="typed")
        page = text_of(response)
        assert response.status_code == 422
        assert 'id="about-name-error"' in page and "typed" in page
        assert Task.objects.get(pk=task.pk).hyperparams == before

    def test_after_the_run_it_is_described_only(self, alice_client: Client, task: Any) -> None:
        for status in (Status.IN_PROGRESS, Status.COMPLETED):
            task = change_status(task=task, to=status, by=actor(task.user))
        address = f"/experiments/{task.uid}/configuration/describe/?section=Args"
        page = text_of(alice_client.get(address))
        assert 'name="to"' not in page and "draft" in page
        assert self.about(alice_client, task, description="x").status_code == 302
        assert self.about(alice_client, task, to="B", description="x").status_code == 422


class TestDeleting:
    def address(self, task: Any) -> str:
        return f"/experiments/{task.uid}/configuration/section/remove/"

    def seal(self, page: str) -> str:
        return re.findall('name="seal" value="([^"]+)"', page)[0]

    def test_it_lists_what_goes_and_goes(self, alice_client: Client, task: Any) -> None:
        page = text_of(alice_client.get(self.address(task), {"section": "Args"}))
        assert SECRET not in page and "3 parameters will go" in page
        data = {"section": "Args", "seal": self.seal(page)}
        assert alice_client.post(self.address(task), data).status_code == 302
        assert not items_of(task)

    def test_not_what_was_changed_meanwhile(self, alice_client: Client, task: Any) -> None:
        page = text_of(alice_client.get(self.address(task), {"section": "Args"}))
        data = {"section": "Args", "seal": self.seal(page)}
        edit_parameters(task=task, items=[("Args", "late", Item("new"))], by=actor(task.user))
        response = alice_client.post(self.address(task), data)
        assert response.status_code == 409
        assert "late" in text_of(response) and "4 parameters" in text_of(response)
        assert len(items_of(task)) == 4
        data = {"section": "Args", "seal": self.seal(text_of(response))}
        assert alice_client.post(self.address(task), data).status_code == 302

    def test_without_having_seen_it_nothing_goes(self, alice_client: Client, task: Any) -> None:
        assert alice_client.post(self.address(task), {"section": "Args"}).status_code == 409
        assert alice_client.post(self.address(task), {"section": "Nope"}).status_code == 409
        assert items_of(task)


class TestUnlocking:
    @pytest.fixture
    def published(self, task: Any) -> Any:
        return change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(task.user))

    def page(self, client: Client, task: Any) -> str:
        return text_of(client.get(f"/experiments/{task.uid}/configuration/"))

    def test_an_owner_opens_and_locks_again(self, alice_client: Client, published: Any) -> None:
        address = f"/experiments/{published.uid}/configuration/unlock/"
        assert "Unlock the properties" in self.page(alice_client, published)
        assert alice_client.post(address).status_code == 302
        page = self.page(alice_client, published)
        assert "Lock them again" in page and 'value="properties/owner"' in page
        assert alice_client.post(address, {"lock": "1"}).status_code == 302
        assert "Unlock the properties" in self.page(alice_client, published)
        assert HistoryEntry.objects.filter(what="lock").count() == 2

    def test_others_are_told_who_can(self, bob_client: Client, published: Any) -> None:
        page = self.page(bob_client, published)
        assert "Unlock the properties" not in page and "An owner of the project can" in page
        address = f"/experiments/{published.uid}/configuration/unlock/"
        assert bob_client.post(address).status_code == 403
        assert not Task.objects.get(pk=published.pk).properties_unlocked
