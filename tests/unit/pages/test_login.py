"""Signing in with a password, and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from experiments.errors import TooManyAttempts
from experiments.models import Throttle, User
from experiments.operations import sign_in as sign_in_operations
from experiments.operations.sign_in import set_password, sign_in
from experiments.operations.throttle import Limit, admit

PASSWORD = "a pass phrase of amy"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def amy(alice: User) -> User:
    set_password(user=alice, password=PASSWORD)
    return alice


def attempt(client: Client, password: str, username: str = "alice", **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def user_of(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_it_signs_in(client: Client, amy: User) -> None:
    response = attempt(client, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert user_of(client) == str(amy.pk)


def test_it_does_not_mind_the_case_of_a_user_name(client: Client, amy: User) -> None:
    assert attempt(client, PASSWORD, username=" Alice ").status_code == 302


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("alice", "wrong"),
        ("alice", ""),
        ("alice", PASSWORD + "\x00"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("a\x00b", PASSWORD),
        ("'; drop table experiments_user; --", PASSWORD),
        ("\N{CYRILLIC SMALL LETTER A}lice", PASSWORD),
    ],
)
def test_it_refuses_and_keeps_the_name_typed(
    client: Client, amy: User, username: str, password: str
) -> None:
    response = attempt(client, password, username=username)
    assert response.status_code == 422
    assert user_of(client) == ""
    assert password not in response.content.decode() or not password


def test_it_says_the_same_for_a_wrong_name_and_a_wrong_password(client: Client, amy: User) -> None:
    sentences = {
        str(attempt(client, PASSWORD + "x", username=name).context["form"].errors)
        for name in ("alice", "zoe")
    }
    assert len(sentences) == 1


def test_it_refuses_somebody_without_a_password(client: Client, alice: User) -> None:
    assert not alice.has_usable_password()
    assert attempt(client, "").status_code == 422
    assert attempt(client, alice.password).status_code == 422


def test_it_refuses_somebody_deactivated(client: Client, amy: User) -> None:
    User.objects.update(is_active=False)
    assert attempt(client, PASSWORD).status_code == 422


def test_deactivation_ends_a_session(client: Client, amy: User) -> None:
    attempt(client, PASSWORD)
    User.objects.update(is_active=False)
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("target", ["/experiments/?filter=x", "/settings/"])
def test_it_goes_on_to_where_one_was_going(client: Client, amy: User, target: str) -> None:
    assert attempt(client, PASSWORD, next=target)["Location"] == target


def test_a_page_that_needs_signing_in_is_the_next(client: Client, db: None) -> None:
    response = client.get("/settings/?a=1")
    assert response["Location"] == "/login/?next=/settings/%3Fa%3D1"
    assert 'name="next" value="/settings/?a=1"' in client.get(response["Location"]).content.decode()


def test_a_post_that_needs_signing_in_is_not_repeated(client: Client, db: None) -> None:
    assert client.post("/settings/")["Location"] == "/login/?next=/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_is_told_beside_the_page_that_stays(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)("/settings/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert not response.has_header("HX-Redirect")
    assert "You are signed out" in response.content.decode()


def test_who_is_signed_in_needs_no_form(alice_client: Client) -> None:
    assert alice_client.get("/login/?next=/settings/")["Location"] == "/settings/"


def test_it_says_what_to_do_while_nobody_has_an_account(client: Client, db: None) -> None:
    assert "set-up link" in client.get("/login/").content.decode()


def test_it_signs_out_by_post_only(alice_client: Client) -> None:
    assert alice_client.get("/logout/").status_code == 405
    assert user_of(alice_client)
    assert alice_client.post("/logout/")["Location"] == "/login/"
    assert user_of(alice_client) == ""


def test_signing_out_ends_the_session_in_the_database(alice_client: Client) -> None:
    cookie = alice_client.cookies["tuneboard_session"].value
    alice_client.post("/logout/")
    assert not Session.objects.filter(session_key=cookie).exists()


def test_signing_in_clears_away_expired_sessions(client: Client, amy: User) -> None:
    attempt(Client(), PASSWORD)
    Session.objects.update(expire_date=NOW - timedelta(days=30))
    attempt(client, PASSWORD)
    assert [one.session_key for one in Session.objects.all()] == [client.session.session_key]


def test_the_page_is_not_cached(client: Client, db: None) -> None:
    assert "no-store" in client.get("/login/")["Cache-Control"]


class TestThrottle:
    def test_it_stops_guessing_even_with_the_right_password(
        self, client: Client, amy: User
    ) -> None:
        for _ in range(sign_in_operations.PER_PERSON.attempts):
            assert attempt(client, "wrong").status_code == 422
        response = attempt(client, PASSWORD)
        assert response.status_code == 422
        assert "wait up to 15 minutes" in response.content.decode()
        assert user_of(client) == ""

    def test_it_does_not_lock_out_others(self, client: Client, amy: User, bob: User) -> None:
        set_password(user=bob, password=PASSWORD)
        for _ in range(sign_in_operations.PER_PERSON.attempts + 1):
            attempt(client, "wrong")
        assert attempt(client, PASSWORD, username="bob").status_code == 302

    def test_one_address_cannot_try_everybody(
        self, client: Client, amy: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sign_in_operations, "PER_ADDRESS", Limit(3, timedelta(minutes=15)))
        for name in ("zoe", "yan", "xav"):
            attempt(client, "wrong", username=name)
        assert "wait up to" in attempt(client, PASSWORD).content.decode()

    def test_a_success_forgets_the_failures(self, amy: User) -> None:
        for _ in range(3):
            for _ in range(sign_in_operations.PER_PERSON.attempts - 1):
                with pytest.raises(Exception, match="do not belong together"):
                    sign_in(username="alice", password="wrong", address="10.0.0.1", now=NOW)
            sign_in(username="alice", password=PASSWORD, address="10.0.0.1", now=NOW)

    def test_it_ends_with_the_window(self, db: None) -> None:
        limit = Limit(2, timedelta(minutes=15))
        for minute in (0, 1):
            admit(subject="x", limit=limit, now=NOW + timedelta(minutes=minute))
        with pytest.raises(TooManyAttempts):
            admit(subject="x", limit=limit, now=NOW + timedelta(minutes=14))
        admit(subject="x", limit=limit, now=NOW + timedelta(minutes=15))

    def test_the_table_does_not_grow_for_ever(self, db: None) -> None:
        limit = Limit(2, timedelta(minutes=15))
        for day in range(4):
            admit(subject=f"x{day}", limit=limit, now=NOW + timedelta(days=day, seconds=day))
        assert Throttle.objects.count() == 1

    def test_it_keeps_no_name_that_was_typed(self, client: Client, db: None) -> None:
        attempt(client, "x", username="my-password-in-the-wrong-field")
        subjects = " ".join(Throttle.objects.values_list("subject", flat=True))
        assert "my-password" not in subjects
