"""The authorisation matrix: every address, by every method, as everybody there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from experiments.models import User
from tests.people import ProtocolClient
from tests.trust.walk import METHODS, Address, addresses, samples_of
from webui.checks import routes
from webui.policy import ANYONE, POLICY, TOKEN

OUTSIDERS = ("visitor", "deactivated", "key")
INSIDERS = ("stranger", "viewer", "owner", "admin")


@pytest.fixture
def pages(alice: User, project: Any) -> list[Address]:
    return addresses(samples_of(alice, project))


def client_of(principal: str, request: pytest.FixtureRequest) -> Client:
    """A browser of its own for each request, since some addresses sign in or out."""
    client = Client(raise_request_exception=False)
    match principal:
        case "visitor":
            pass
        case "key":
            api: ProtocolClient = request.getfixturevalue("api")
            client = Client(headers={"Authorization": f"Bearer {api.token}"})
        case "deactivated":
            user = request.getfixturevalue("bob")
            client.force_login(user)
            User.objects.filter(pk=user.pk).update(is_active=False)
        case _:
            names = {"stranger": "charlie", "viewer": "bob", "owner": "alice", "admin": "admin"}
            client.force_login(request.getfixturevalue(names[principal]))
    return client


def sent_away(answer: Any) -> bool:
    """Whether it says nothing but "sign in first"."""
    return answer.headers.get("Location", "").startswith("/login/?next=") or (
        answer.status_code == 401
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("principal", OUTSIDERS)
def test_outsiders_see_what_is_for_everybody_and_no_more(
    pages: list[Address], request: pytest.FixtureRequest, principal: str, method: str
) -> None:
    for page in pages:
        answer = page.ask(client_of(principal, request), method)
        assert sent_away(answer) == (page.access is not ANYONE), (page.name, answer.status_code)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("principal", INSIDERS)
def test_insiders_see_what_is_theirs(
    pages: list[Address], request: pytest.FixtureRequest, principal: str, method: str
) -> None:
    for page in pages:
        answer = page.ask(client_of(principal, request), method)
        assert not sent_away(answer), page.name
        assert answer.status_code < 500, page.name
        if page.owned and principal == "stranger" and answer.status_code != 302:
            assert answer.status_code in {404, 405}, page.name


@pytest.mark.parametrize("principal", ["viewer", "owner", "admin"])
def test_who_may_see_a_project_sees_all_its_pages(
    pages: list[Address], request: pytest.FixtureRequest, principal: str
) -> None:
    for page in pages:
        if page.name.startswith(("project", "experiment")):
            answer = page.ask(client_of(principal, request))
            assert answer.status_code in {200, 302, 405}, page.name


def test_the_policy_has_no_line_for_an_address_that_is_gone() -> None:
    assert set(POLICY) == {name for _, name in routes()}


def test_scripts_have_one_address() -> None:
    assert [name for name, access in POLICY.items() if access is TOKEN] == ["sdk"]
