"""users.get_current_user and users.get_all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


def test_the_current_user_is_the_owner_of_the_key(api: ProtocolClient, alice: Any) -> None:
    user = api.data("users.get_current_user")["user"]
    assert (user["id"], user["name"]) == (alice.uid, "alice")


def test_get_all_shows_everybody(api: ProtocolClient, alice: Any, bob: Any) -> None:
    assert [user["name"] for user in api.data("users.get_all")["users"]] == ["alice", "bob"]


@pytest.mark.parametrize("form", ["list", "text"])
def test_get_all_shows_those_asked_for(api: ProtocolClient, bob: Any, form: str) -> None:
    asked = {"id": [bob.uid, "nobody"] if form == "list" else bob.uid}
    assert [user["id"] for user in api.data("users.get_all", asked)["users"]] == [bob.uid]
