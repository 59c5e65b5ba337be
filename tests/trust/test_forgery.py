"""CSRF, CORS, Host (DNS rebinding), clickjacking, and the content policy of every page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from experiments.models import Credential, User
from experiments.operations.accounts import make_sign_in_link
from tests.people import ProtocolClient
from tests.trust.walk import Address, addresses, samples_of, text_of
from webui.policy import ANYONE

EVIL = "https://evil.example.org"


@pytest.fixture
def pages(alice: User, project: Any) -> list[Address]:
    return addresses(samples_of(alice, project))


@pytest.fixture
def forged(alice: User) -> Client:
    """Alice's browser, made to act by a page of somebody else."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(alice)
    return client


def obeyed(client: Client, pages: list[Address]) -> set[str]:
    """The names of the addresses that act on a form from another site."""
    found = set()
    for page in pages:
        answer = page.ask(client, "post", headers={"Origin": EVIL}, data="form=name&full_name=E")
        if answer.status_code not in {403, 405}:
            found.add(page.name)
    return found


class TestRequestForgery:
    def test_no_page_acts_on_a_form_of_another_site(
        self, forged: Client, pages: list[Address], alice: User
    ) -> None:
        assert obeyed(forged, pages) == set()
        assert User.objects.get(pk=alice.pk).full_name == ""
        assert not Credential.objects.exclude(revoked=None).exists()

    def test_without_the_defence_pages_would(self, alice: User, pages: list[Address]) -> None:
        left = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
        with override_settings(MIDDLEWARE=left):
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            client.force_login(alice)
            assert {"settings", "settings-revoke-credentials"} <= obeyed(client, pages)

    def test_signing_in_needs_the_token_too(self, db: None) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.post("/login/", {"username": "a", "password": "b"}).status_code == 403

    def test_a_get_changes_nothing(self, forged: Client, pages: list[Address]) -> None:
        before = database_size()
        for page in pages:
            if page.name != "sign-in-link":
                page.ask(forged, "get", headers={"Origin": EVIL})
        assert database_size() == before

    def test_the_protocol_takes_no_session(self, forged: Client, db: None) -> None:
        for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            answer = forged.post("/v2.23/tasks.create", "{}", content_type)
            assert answer.status_code == 401

    def test_cookies_do_not_travel_with_forged_posts(self, client: Client, alice: User) -> None:
        client.get(f"/login/{make_sign_in_link(user=alice)}/")
        client.get("/settings/")
        assert client.cookies["tuneboard_session"]["httponly"]
        for name in ("tuneboard_session", "tuneboard_csrf"):
            assert client.cookies[name]["samesite"] == "Lax"

    @override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
    def test_behind_https_they_never_travel_in_the_clear(self, client: Client, db: None) -> None:
        client.get("/login/")
        assert client.cookies["tuneboard_csrf"]["secure"]


class TestOtherOrigins:
    def test_no_address_lets_other_origins_read(
        self, alice_client: Client, pages: list[Address], api: ProtocolClient
    ) -> None:
        for method in ("get", "options", "post"):
            for page in pages:
                assert shared(page.ask(alice_client, method, headers={"Origin": EVIL})) == []
        call = {"Origin": EVIL, "Authorization": f"Bearer {api.token}"}
        for method in ("GET", "OPTIONS"):
            answer = Client().generic(method, "/v2.23/tasks.get_all", "{}", "application/json",
                                      headers=call)  # fmt: skip
            assert shared(answer) == []

    def test_a_shared_answer_would_be_seen(self, alice_client: Client) -> None:
        answer = alice_client.get("/settings/")
        answer["Access-Control-Allow-Origin"] = "*"
        assert shared(answer) == ["Access-Control-Allow-Origin"]


class TestHost:
    @pytest.mark.parametrize(
        "host",
        ["evil.example.org", "127.0.0.1.evil.example.org", "localhost.evil.example.org",
         "evil.example.org:8008", "localhost@evil.example.org", "127.0.0.1:80@evil", "",
         "169.254.169.254", "[::ffff:7f00:1]", "*", "a b", "localhost\x00.evil"],
    )  # fmt: skip
    def test_a_name_pointed_at_us_is_refused_everywhere(
        self, alice_client: Client, pages: list[Address], api: ProtocolClient, host: str
    ) -> None:
        for page in pages:
            answer = page.ask(alice_client, headers={"Host": host})
            assert answer.status_code == 400, page.name
            assert "evil" not in answer.content.decode()
        reply = api.send("/v2.23/tasks.get_all", Host=host)
        assert reply["meta"]["result_code"] == 400

    def test_a_forwarded_host_is_not_believed(self, client: Client, db: None) -> None:
        forwarded = {"X-Forwarded-Host": "evil.example.org"}
        assert "evil" not in str(client.get("/settings/", headers=forwarded).headers)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8008", "[::1]:8008"])
    def test_our_own_names_are_fine(self, client: Client, db: None, host: str) -> None:
        assert client.get("/healthz", headers={"Host": host}).status_code == 200

    def test_without_the_check_it_would_get_in(self, client: Client, db: None) -> None:
        with override_settings(ALLOWED_HOSTS=["*"]):
            answer = client.get("/healthz", headers={"Host": "evil.example.org"})
        assert answer.status_code == 200


class TestFrames:
    def test_no_page_can_be_framed(self, alice_client: Client, pages: list[Address]) -> None:
        assert [page.name for page in pages if framable(page.ask(alice_client))] == []
        assert not framable(alice_client.get("/nowhere/"))
        assert not framable(Client().get("/login/"))

    def test_without_the_headers_it_could(self, alice_client: Client) -> None:
        left = [name for name in settings.MIDDLEWARE if "XFrame" not in name]
        with override_settings(MIDDLEWARE=left):
            assert framable(alice_client.get("/settings/"))
        left = [name for name in settings.MIDDLEWARE if "CSP" not in name]
        with override_settings(MIDDLEWARE=left):
            assert framable(alice_client.get("/settings/"))


class TestContentPolicy:
    def test_every_page_has_one_without_unsafe(
        self, alice_client: Client, pages: list[Address]
    ) -> None:
        for page in pages:
            answer = page.ask(alice_client)
            policy = answer["Content-Security-Policy"]
            assert re.search(r"unsafe|\*|https?:(?!/)", policy) is None, page.name
            for directive in ("default-src 'none'", "script-src 'self'", "base-uri 'none'",
                              "form-action 'self'", "style-src 'self'"):  # fmt: skip
                assert directive in policy, page.name

    def test_no_page_needs_what_it_forbids(
        self, alice_client: Client, pages: list[Address]
    ) -> None:
        """Inline scripts, styles and handlers would be dead, and so are mistakes."""
        for page in [*pages, Address("settings", "/nowhere/")]:
            text = text_of(page.ask(alice_client))
            assert re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text) is None, page.name
            assert re.search(r"<[^>]+\s(style|on[a-z]+)\s*=", text) is None, page.name
            assert "<style" not in text, page.name
            assert "javascript:" not in text, page.name

    def test_types_are_not_guessed(self, alice_client: Client, pages: list[Address]) -> None:
        for page in pages:
            answer = page.ask(alice_client)
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Referrer-Policy"] == "same-origin"

    def test_pages_of_somebody_are_kept_by_no_cache(
        self, alice_client: Client, pages: list[Address]
    ) -> None:
        for page in pages:
            if page.access is not ANYONE:
                control = page.ask(alice_client)["Cache-Control"]
                assert "private" in control or "no-store" in control, page.name


def shared(answer: Any) -> list[str]:
    return [name for name in answer.headers if name.startswith("Access-Control-")]


def framable(answer: Any) -> bool:
    forbidden = answer.headers.get("X-Frame-Options") == "DENY"
    policy = answer.headers.get("Content-Security-Policy", "")
    return not (forbidden and "frame-ancestors 'none'" in policy)


def database_size() -> dict[str, int]:
    from django.apps import apps

    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    return json.loads(json.dumps({model._meta.label: model.objects.count() for model in models}))
