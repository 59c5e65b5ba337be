"""One-time links: of people, and the one of a new server."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from experiments.errors import LinkNotUsable
from experiments.models import SignInLink, User
from experiments.operations.accounts import ensure_user, make_sign_in_link, redeem_sign_in_link
from experiments.operations.setup import complete_setup

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def user_of(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def in_threads(count: int, act) -> list[object]:
    """What each of `count` simultaneous calls gave or raised."""
    results: list[object] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        barrier.wait()
        try:
            results.append(act())
        except LinkNotUsable as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class TestSignInLink:
    def test_opening_it_signs_in(self, client: Client, alice: User) -> None:
        response = client.get(f"/login/{make_sign_in_link(user=alice)}/")
        assert (response.status_code, response["Location"]) == (302, "/")
        assert user_of(client) == str(alice.pk)

    def test_the_second_use_says_it_was_used(self, client: Client, alice: User) -> None:
        address = f"/login/{make_sign_in_link(user=alice)}/"
        client.get(address)
        second = Client().get(address)
        assert second.status_code == 410
        assert "used already" in second.content.decode()

    def test_looking_at_it_does_not_use_it_up(self, client: Client, alice: User) -> None:
        address = f"/login/{make_sign_in_link(user=alice)}/"
        assert client.head(address).status_code == 200
        assert user_of(client) == ""
        assert client.post(address).status_code in {403, 405}
        assert client.get(address).status_code == 302

    def test_it_expires(self, alice: User) -> None:
        token = make_sign_in_link(user=alice, now=NOW)
        with pytest.raises(LinkNotUsable, match="expired"):
            redeem_sign_in_link(token=token, now=NOW + timedelta(minutes=30))

    def test_expired_links_are_cleared_away(self, alice: User) -> None:
        make_sign_in_link(user=alice, now=NOW)
        make_sign_in_link(user=alice, now=NOW + timedelta(days=1))
        assert SignInLink.objects.count() == 1

    @pytest.mark.parametrize("token", ["x", "a" * 40, "%00", "\N{SNOWMAN}"])
    def test_an_invented_one_is_refused(self, client: Client, alice: User, token: str) -> None:
        make_sign_in_link(user=alice)
        assert client.get(f"/login/{token}/").status_code == 410

    def test_that_of_somebody_deactivated_is_refused(self, alice: User) -> None:
        token = make_sign_in_link(user=alice)
        User.objects.update(is_active=False)
        with pytest.raises(LinkNotUsable):
            redeem_sign_in_link(token=token)

    def test_a_set_up_link_signs_nobody_in(self, client: Client, db: None) -> None:
        token = make_sign_in_link(user=None)
        assert client.get(f"/login/{token}/").status_code == 410
        assert client.get(f"/setup/{token}/").status_code == 200

    def test_it_replaces_who_was_signed_in(self, bob_client: Client, alice: User) -> None:
        bob_client.get(f"/login/{make_sign_in_link(user=alice)}/")
        assert user_of(bob_client) == str(alice.pk)

    def test_the_token_is_not_stored(self, alice: User) -> None:
        token = make_sign_in_link(user=alice)
        assert token not in str(list(SignInLink.objects.values()))

    @pytest.mark.django_db(transaction=True)
    def test_of_many_at_once_one_gets_in(self) -> None:
        token = make_sign_in_link(user=ensure_user(username="amy"))
        results = in_threads(6, lambda: redeem_sign_in_link(token=token))
        assert sum(isinstance(result, User) for result in results) == 1
        assert sum("used already" in str(result) for result in results) == 5


class TestSetup:
    def test_it_makes_the_first_admin_and_signs_in(self, client: Client, db: None) -> None:
        address = f"/setup/{make_sign_in_link(user=None)}/"
        assert "Name the first user" in client.get(address).content.decode()
        response = client.post(address, {"username": "Amy", "full_name": "Amy A."})
        assert (response.status_code, response["Location"]) == (302, "/")
        amy = User.objects.get()
        assert (amy.username, amy.full_name, amy.is_admin) == ("amy", "Amy A.", True)
        assert not amy.has_usable_password()
        assert user_of(client) == str(amy.pk)

    def test_a_password_may_be_set_at_once(self, client: Client, db: None) -> None:
        address = f"/setup/{make_sign_in_link(user=None)}/"
        client.post(address, {"username": "amy", "password": "a pass phrase of amy"})
        assert User.objects.get().check_password("a pass phrase of amy")

    @pytest.mark.parametrize(
        "typed",
        [
            {"username": ""},
            {"username": "amy smith"},
            {"username": "-amy"},
            {"username": "amy", "password": "short"},
            {"username": "amy", "password": "1234567890123"},
            {"username": "amy", "full_name": "x\x00y"},
        ],
    )
    def test_a_mistake_leaves_the_link_usable(
        self, client: Client, db: None, typed: dict[str, str]
    ) -> None:
        address = f"/setup/{make_sign_in_link(user=None)}/"
        response = client.post(address, typed)
        assert response.status_code == 422
        assert response.context["form"].errors
        assert not User.objects.exists()
        assert client.post(address, {"username": "amy"}).status_code == 302

    def test_it_closes_for_ever(self, client: Client, db: None) -> None:
        address = f"/setup/{make_sign_in_link(user=None)}/"
        client.post(address, {"username": "amy"})
        for method in (Client().get, Client().post):
            response = method(address, {"username": "eve"})
            assert response.status_code == 410
            assert "set up already" in response.content.decode()
        assert User.objects.count() == 1

    def test_it_closes_when_anybody_came_by_another_way(self, client: Client, db: None) -> None:
        token = make_sign_in_link(user=None)
        ensure_user(username="amy")
        assert client.post(f"/setup/{token}/", {"username": "eve"}).status_code == 410
        with pytest.raises(LinkNotUsable, match="set up already"):
            make_sign_in_link(user=None)

    def test_a_newer_link_replaces_an_older_one(self, client: Client, db: None) -> None:
        older, newer = make_sign_in_link(user=None), make_sign_in_link(user=None)
        assert client.get(f"/setup/{older}/").status_code == 410
        assert client.get(f"/setup/{newer}/").status_code == 200

    def test_it_expires(self, db: None) -> None:
        token = make_sign_in_link(user=None, now=NOW)
        with pytest.raises(LinkNotUsable, match="expired"):
            complete_setup(token=token, username="amy", now=NOW + timedelta(days=8))

    def test_the_link_of_a_person_sets_nothing_up(self, client: Client, alice: User) -> None:
        token = make_sign_in_link(user=alice)
        assert client.post(f"/setup/{token}/", {"username": "eve"}).status_code == 410

    @pytest.mark.django_db(transaction=True)
    def test_of_many_at_once_one_becomes_admin(self) -> None:
        token = make_sign_in_link(user=None)
        names = iter(["amy", "ben", "cat", "dan", "eve", "fay"])
        results = in_threads(6, lambda: complete_setup(token=token, username=next(names)))
        assert sum(isinstance(result, User) for result in results) == 1
        assert User.objects.count() == 1
