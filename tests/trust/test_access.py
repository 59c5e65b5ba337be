"""Authentication missing, authorisation per route, and things of others by their id (IDOR)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from experiments.models import Credential, Role, User
from experiments.sdk.registry import all_endpoints
from tests.people import ProtocolClient
from tests.trust.walk import METHODS, Address, addresses, samples_of
from webui.policy import ADMIN, ANYONE, POLICY, SIGNED_IN


@pytest.fixture
def pages(alice: User, project: Any) -> list[Address]:
    return addresses(samples_of(alice, project))


def let_in(pages: list[Address], method: str) -> set[str]:
    """The names of all addresses that answer somebody without an account."""
    answers = {
        # A client for each: opening the sign-in link signs in.
        page.name: page.ask(Client(raise_request_exception=False), method)
        for page in pages
    }
    return {
        name
        for name, answer in answers.items()
        if answer.status_code not in {401, 404, 410}
        and not answer.headers.get("Location", "").startswith("/login/?next=")
    }


class TestAuthenticationMissing:
    @pytest.mark.parametrize("method", METHODS)
    def test_only_what_is_for_everybody_answers_a_visitor(
        self, pages: list[Address], method: str
    ) -> None:
        everybody = {name for name, who in POLICY.items() if who is ANYONE}
        assert let_in(pages, method) <= everybody

    def test_without_the_policy_a_visitor_would_see_them(
        self, pages: list[Address], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("webui.middleware.Policy.process_view", lambda *_: None)
        everybody = {name for name, who in POLICY.items() if who is ANYONE}
        assert let_in(pages, "get") - everybody

    def test_every_endpoint_of_the_protocol_asks_for_a_key(self, db: None) -> None:
        client = Client(raise_request_exception=False)
        for name in endpoint_names():
            meta = client.get(f"/v2.23/{name}").json()["meta"]
            assert (name, meta["result_code"]) == (name, 401)

    def test_a_session_is_not_a_key(self, alice_client: Client) -> None:
        for name in endpoint_names():
            for method in ("GET", "POST"):
                reply = alice_client.generic(method, f"/v2.23/{name}", "{}", "application/json")
                assert (name, reply.status_code) == (name, 401)

    def test_a_key_is_not_a_session(self, api: ProtocolClient, pages: list[Address]) -> None:
        client = Client(headers={"Authorization": f"Bearer {api.token}"})
        for page in pages:
            if page.access is not ANYONE:
                answer = page.ask(client)
                assert (page.name, answer.status_code) in {(page.name, 302), (page.name, 401)}


class TestAuthorisationPerRoute:
    def test_pages_for_admins_are_for_admins(
        self, pages: list[Address], alice_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(POLICY, "settings", ADMIN)
        settings = next(page for page in pages if page.name == "settings")
        assert settings.ask(alice_client).status_code == 404
        User.objects.update(is_admin=True)
        assert settings.ask(alice_client).status_code == 200

    def test_every_page_opens_for_its_owner(
        self, pages: list[Address], alice_client: Client
    ) -> None:
        for page in pages:
            if page.access is SIGNED_IN and page.name != "logout":
                assert page.ask(alice_client).status_code in {200, 302, 405}, page.name

    def test_a_read_only_key_changes_nothing(self, alice: User, project: Any) -> None:
        api = ProtocolClient(alice, scope=Credential.Scope.READ)
        for name in writing_endpoint_names():
            assert (name, api.refused(name)) == (name, (403, 21))

    def test_there_are_endpoints_to_refuse(self) -> None:
        assert {"tasks.create", "tasks.edit", "events.add_batch"} <= set(writing_endpoint_names())


class TestThingsOfOthers:
    @pytest.mark.parametrize("method", METHODS)
    def test_a_stranger_finds_nothing(
        self, pages: list[Address], charlie_client: Client, method: str
    ) -> None:
        owned = [page for page in pages if page.owned]
        assert {"settings-revoke-credentials"} <= {page.name for page in owned}
        for page in owned:
            answer = page.ask(charlie_client, method)
            followed = (
                charlie_client.get(answer["Location"]) if answer.has_header("Location") else answer
            )
            assert followed.status_code in {404, 405}, page.name

    def test_without_the_check_a_stranger_would(
        self,
        pages: list[Address],
        charlie_client: Client,
        project: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        type(project).objects.update(default_role=Role.VIEWER)
        found = [
            page.name
            for page in pages
            if page.owned and page.ask(charlie_client).status_code == 200
        ]
        assert found

    def test_a_stranger_revokes_no_keys(
        self, pages: list[Address], charlie_client: Client, alice: User
    ) -> None:
        page = next(page for page in pages if page.name == "settings-revoke-credentials")
        assert page.ask(charlie_client, "post").status_code == 404
        assert not Credential.objects.exclude(revoked=None).exists()

    def test_a_stranger_sees_no_keys_of_others(
        self, charlie_client: Client, alice: User, pages: list[Address]
    ) -> None:
        page = charlie_client.get("/settings/credentials/").content.decode()
        for credential in Credential.objects.filter(user=alice):
            assert credential.access_key not in page

    def test_ids_that_are_none_are_not_found(
        self, pages: list[Address], alice_client: Client, alice: User, project: Any
    ) -> None:
        for bad in ("x", "f" * 32, "..", "%00", "%2e%2e%2f", "é", "0" * 300, "1 or 1=1"):
            samples = dict.fromkeys(samples_of(alice, project), bad)
            for page in addresses(samples):
                if page.owned:
                    answer = page.ask(alice_client)
                    assert answer.status_code in {302, 400, 404, 405}, (page.name, bad)


def endpoint_names() -> list[str]:
    return sorted({endpoint.name for endpoint in all_endpoints()})


def writing_endpoint_names() -> list[str]:
    return sorted({endpoint.name for endpoint in all_endpoints() if endpoint.writes})
