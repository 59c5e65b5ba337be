"""One's own name, password and keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client, override_settings

from experiments.errors import CredentialNotFound, InvalidCredentials, InvalidField, InvalidToken
from experiments.models import Credential, User
from experiments.operations.accounts import (
    ensure_user,
    issue_credentials,
    note_use,
    revoke_credentials,
)
from experiments.operations.sign_in import set_password
from experiments.queries.accounts import credential_by_id, credential_for, people, user_by_uid
from experiments.rules.usernames import normal_username
from webui import settings as real_settings

PASSWORD = "a pass phrase of amy"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class TestProfile:
    def test_it_saves_a_name(self, alice_client: Client, alice: User) -> None:
        response = alice_client.post("/settings/", {"form": "name", "full_name": " Alice A. "})
        assert (response.status_code, response["Location"]) == (302, "/settings/")
        assert User.objects.get(pk=alice.pk).full_name == "Alice A."

    def test_a_name_that_cannot_be_is_refused_and_kept_in_the_form(
        self, alice_client: Client, alice: User
    ) -> None:
        response = alice_client.post("/settings/", {"form": "name", "full_name": "x" * 201})
        assert response.status_code == 422
        assert response.context["name_form"]["full_name"].value() == "x" * 201
        assert User.objects.get(pk=alice.pk).full_name == ""

    def test_only_the_form_sent_is_judged(self, alice_client: Client) -> None:
        response = alice_client.post("/settings/", {"form": "name", "full_name": "Alice"})
        assert response.status_code == 302
        response = alice_client.post("/settings/", {"form": "other"})
        assert response.status_code == 200


class TestPassword:
    def change(self, client: Client, password: str, current: str | None = None):
        typed = {"form": "password", "password": password}
        return client.post("/settings/", typed if current is None else typed | {"current": current})

    def test_who_has_none_may_set_one(self, alice_client: Client, alice: User) -> None:
        assert self.change(alice_client, PASSWORD).status_code == 302
        assert User.objects.get(pk=alice.pk).check_password(PASSWORD)

    def test_the_session_goes_on_and_others_end(self, alice_client: Client, alice: User) -> None:
        other = Client()
        other.force_login(alice)
        self.change(alice_client, PASSWORD)
        assert alice_client.get("/settings/").status_code == 200
        assert other.get("/settings/").status_code == 302

    @pytest.mark.parametrize("current", [None, "", "wrong"])
    def test_a_change_needs_the_current_one(
        self, alice_client: Client, alice: User, current: str | None
    ) -> None:
        self.change(alice_client, PASSWORD)
        response = self.change(alice_client, "another pass phrase", current)
        assert response.status_code == 422
        assert "current" in response.context["password_form"].errors
        assert User.objects.get(pk=alice.pk).check_password(PASSWORD)
        assert self.change(alice_client, "another pass phrase", PASSWORD).status_code == 302

    @pytest.mark.parametrize("password", ["abcabcabc", "password123", "1234567890123"])
    def test_a_weak_one_is_refused(self, alice_client: Client, password: str) -> None:
        response = self.change(alice_client, password)
        assert response.status_code == 422
        assert password not in response.content.decode()

    def test_guessing_the_current_one_is_stopped(self, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        for _ in range(10):
            with pytest.raises(InvalidField, match="not your current"):
                set_password(user=alice, password="new pass phrase", current="wrong")
        with pytest.raises(Exception, match="Too many attempts"):
            set_password(user=alice, password="new pass phrase", current=PASSWORD)

    @override_settings(PASSWORD_HASHERS=real_settings.PASSWORD_HASHERS)
    def test_it_is_kept_by_a_slow_hash(self, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        stored = User.objects.get(pk=alice.pk).password
        assert identify_hasher(stored).algorithm == "pbkdf2_sha256"
        assert int(stored.split("$")[1]) >= 600_000


class TestCredentials:
    def test_the_secret_is_shown_once_with_lines_to_paste(self, alice_client: Client) -> None:
        made = alice_client.post("/settings/credentials/", {"label": "gpu-1", "scope": "read"})
        page = made.content.decode()
        issued = made.context["issued"]
        assert f"export CLEARML_API_ACCESS_KEY={issued.access_key}" in page
        assert f"export CLEARML_API_SECRET_KEY={issued.secret_key}" in page
        assert "export CLEARML_API_HOST=http://testserver" in page
        later = alice_client.get("/settings/credentials/").content.decode()
        assert issued.access_key in later
        assert issued.secret_key not in later

    @override_settings(PUBLIC_URL="https://board.example.org")
    def test_the_lines_name_the_public_address(self, alice_client: Client) -> None:
        page = alice_client.post("/settings/credentials/", {"scope": "write"}).content.decode()
        assert "export CLEARML_WEB_HOST=https://board.example.org\n" in page

    def test_keys_are_long_and_differ(self, alice: User) -> None:
        issued = [issue_credentials(user=alice) for _ in range(20)]
        assert all(len(one.access_key) == 20 and len(one.secret_key) >= 40 for one in issued)
        assert len({one.access_key for one in issued}) == 20
        assert len({one.secret_key for one in issued}) == 20

    def test_the_list_shows_label_scope_and_use(self, alice_client: Client, alice: User) -> None:
        issued = issue_credentials(user=alice, label="gpu-1", scope="read")
        page = alice_client.get("/settings/credentials/").content.decode()
        assert "gpu-1" in page
        assert "read only" in page
        assert "never" in page
        note_use(credential=issued.credential, now=NOW)
        assert "2026-01-15 12:00" in alice_client.get("/settings/credentials/").content.decode()

    @pytest.mark.parametrize(
        "typed", [{"scope": "root"}, {}, {"scope": "write", "label": "x" * 101}]
    )
    def test_it_refuses_what_cannot_be(self, alice_client: Client, typed: dict[str, str]) -> None:
        assert alice_client.post("/settings/credentials/", typed).status_code == 422
        assert not Credential.objects.exists()

    def test_revoking_counts_at_once(self, alice_client: Client, alice: User) -> None:
        issued = issue_credentials(user=alice)
        credential_for(issued.access_key, issued.secret_key)
        response = alice_client.post(f"/settings/credentials/{issued.access_key}/revoke/")
        assert response["Location"] == "/settings/credentials/"
        with pytest.raises(InvalidCredentials):
            credential_for(issued.access_key, issued.secret_key)
        with pytest.raises(InvalidToken):
            credential_by_id(issued.credential.pk)
        assert issued.access_key not in str(
            alice_client.get("/settings/credentials/").context["credentials"]
        )

    def test_revoking_twice_or_by_get_is_refused(self, alice_client: Client, alice: User) -> None:
        address = f"/settings/credentials/{issue_credentials(user=alice).access_key}/revoke/"
        assert alice_client.get(address).status_code == 405
        assert alice_client.post(address).status_code == 302
        assert alice_client.post(address).status_code == 404

    def test_a_strange_key_is_not_found(self, alice: User) -> None:
        with pytest.raises(CredentialNotFound):
            revoke_credentials(user=alice, access_key="a\x00b")

    @pytest.mark.parametrize(
        ("access_key", "secret_key"),
        [("", ""), ("x", "x"), ("a\x00b", "x"), ("\ud800", "\ud800"), ("A" * 5000, "x")],
    )
    def test_invented_keys_are_refused(self, db: None, access_key: str, secret_key: str) -> None:
        with pytest.raises(InvalidCredentials):
            credential_for(access_key, secret_key)

    @pytest.mark.parametrize("secret", ["", "x", "é", "\ud800"])
    def test_a_wrong_secret_is_refused(self, alice: User, secret: str) -> None:
        with pytest.raises(InvalidCredentials):
            credential_for(issue_credentials(user=alice).access_key, secret)

    def test_the_secret_of_another_key_is_refused(self, alice: User) -> None:
        one, other = issue_credentials(user=alice), issue_credentials(user=alice)
        with pytest.raises(InvalidCredentials):
            credential_for(one.access_key, other.secret_key)

    def test_expired_ones_are_refused(self, alice: User) -> None:
        issued = issue_credentials(user=alice, expires=NOW)
        keys = issued.access_key, issued.secret_key
        assert credential_for(*keys, now=NOW - timedelta(seconds=1)) == issued.credential
        with pytest.raises(InvalidCredentials):
            credential_for(*keys, now=NOW)
        with pytest.raises(InvalidToken):
            credential_by_id(issued.credential.pk, now=NOW)

    def test_those_of_somebody_deactivated_are_refused(self, alice: User) -> None:
        issued = issue_credentials(user=alice)
        User.objects.update(is_active=False)
        with pytest.raises(InvalidCredentials):
            credential_for(issued.access_key, issued.secret_key)
        with pytest.raises(InvalidToken):
            credential_by_id(issued.credential.pk)

    def test_last_used_is_written_once_a_minute(
        self, alice: User, django_assert_num_queries
    ) -> None:
        credential = issue_credentials(user=alice).credential
        with django_assert_num_queries(1):
            note_use(credential=credential, now=NOW)
            for second in range(60):
                note_use(credential=credential, now=NOW + timedelta(seconds=second))
        with django_assert_num_queries(1):
            note_use(credential=credential, now=NOW + timedelta(seconds=60))
        assert Credential.objects.get().last_used == NOW + timedelta(seconds=60)


class TestUsers:
    def test_a_user_is_made_once(self, db: None) -> None:
        assert ensure_user(username="Amy") == ensure_user(username="amy")
        assert [user.username for user in people()] == ["amy"]

    def test_admin_is_given_but_not_taken(self, db: None) -> None:
        assert not ensure_user(username="amy").is_admin
        assert ensure_user(username="amy", admin=True).is_admin
        assert ensure_user(username="amy").is_admin

    @pytest.mark.parametrize(
        "name", ["", " ", "a b", "a/b", "-a", "a\x00", "\ud800", "é", "a" * 151, "аmy", "<b>"]
    )
    def test_a_name_that_could_deceive_is_refused(self, name: str) -> None:
        with pytest.raises(InvalidField):
            normal_username(name)

    @pytest.mark.parametrize("name", ["amy", "amy.a", "amy@example.org", "0x", "a-b_c+d"])
    def test_ordinary_names_are_fine(self, name: str) -> None:
        assert normal_username(name) == name

    def test_people_by_id(self, alice: User, bob: User) -> None:
        assert people([bob.uid, "nonsense\x00", "f" * 32]) == [bob]
        assert user_by_uid(alice.uid) == alice
