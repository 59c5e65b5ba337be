"""auth.login: key and secret, or a token, for a new token."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone

from experiments.models import Credential, HistoryEntry, Via
from experiments.operations.accounts import issue_credentials, revoke_credentials
from experiments.sdk import tokens
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


def basic(access_key: str, secret_key: str) -> str:
    return "Basic " + base64.b64encode(f"{access_key}:{secret_key}".encode()).decode()


def login(api: ProtocolClient, authorization: str, query: str = "") -> dict[str, Any]:
    return api.send(f"/auth.login{query}", Authorization=authorization)


def claims_of(reply: dict[str, Any]) -> dict[str, Any]:
    """Read as the SDK reads them: without the key."""
    return jwt.decode(reply["data"]["token"], options={"verify_signature": False})


def result(reply: dict[str, Any]) -> tuple[int, int]:
    return reply["meta"]["result_code"], reply["meta"]["result_subcode"]


def test_it_gives_what_the_sdk_reads_from_a_token(api: ProtocolClient, alice: Any) -> None:
    issued = issue_credentials(user=alice)
    claims = claims_of(login(api, basic(issued.access_key, issued.secret_key)))
    assert claims["api_version"] == "2.31"
    assert claims["server_version"] == "2.0.0"
    assert claims["feature_set"] == "basic"
    assert claims["identity"]["user"] == alice.uid
    assert claims["exp"] - claims["iat"] == timedelta(days=30).total_seconds()


@pytest.mark.parametrize(
    ("asked", "given"), [("86400", 86_400), ("1", 600), ("999999999", 365 * 86_400)]
)
def test_it_keeps_the_life_within_bounds(api: ProtocolClient, asked: str, given: int) -> None:
    claims = claims_of(login(api, f"Bearer {api.token}", f"?expiration_sec={asked}"))
    assert claims["exp"] - claims["iat"] == given


def test_a_refresh_goes_on_with_the_session(api: ProtocolClient) -> None:
    before = tokens.read_token(api.token)
    after = tokens.read_token(login(api, f"Bearer {api.token}")["data"]["token"])
    assert after == before


def test_each_login_is_a_session_of_its_own(api: ProtocolClient, alice: Any) -> None:
    issued = issue_credentials(user=alice)
    pair = basic(issued.access_key, issued.secret_key)
    assert claims_of(login(api, pair))["sid"] != claims_of(login(api, pair))["sid"]


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("", (401, 20)),
        (basic("NOSUCHKEY", "secret"), (401, 22)),
        ("Basic not-base64!", (401, 22)),
        ("Basic " + base64.b64encode(b"\xff\xfe:x").decode(), (401, 22)),
        ("Digest abc", (401, 30)),
        ("Bearer", (401, 30)),
        ("Bearer abc.def.ghi", (401, 30)),
    ],
)
def test_it_refuses(api: ProtocolClient, authorization: str, expected: tuple[int, int]) -> None:
    assert result(login(api, authorization)) == expected


def test_it_refuses_a_wrong_secret(api: ProtocolClient, alice: Any) -> None:
    issued = issue_credentials(user=alice)
    assert result(login(api, basic(issued.access_key, issued.secret_key + "x"))) == (401, 22)


def _forged(**changes: Any) -> str:
    now = timezone.now()
    claims = {"iat": now, "exp": now + timedelta(hours=1), "cred": 1, "sid": "0" * 16}
    return jwt.encode({**claims, **changes}, "another key, long enough for the hash", "HS256")


def test_it_refuses_tokens_signed_by_others(api: ProtocolClient) -> None:
    assert result(login(api, f"Bearer {_forged()}")) == (401, 30)


def test_it_refuses_unsigned_tokens(api: ProtocolClient) -> None:
    claims = jwt.decode(api.token, options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert result(login(api, f"Bearer {unsigned}")) == (401, 30)


def test_it_refuses_expired_tokens(api: ProtocolClient, alice: Any) -> None:
    credential = issue_credentials(user=alice).credential
    long_ago = timezone.now() - timedelta(days=31)
    token = tokens.issue_token(credential, session="0" * 16, now=long_ago)
    assert result(login(api, f"Bearer {token}")) == (401, 30)


def test_a_revoked_key_fails_on_the_very_next_request(api: ProtocolClient, alice: Any) -> None:
    api.data("users.get_current_user")
    revoke_credentials(user=alice, access_key=Credential.objects.get().access_key)
    assert api.refused("users.get_current_user") == (401, 30)


def test_a_person_who_left_fails_on_the_very_next_request(api: ProtocolClient, alice: Any) -> None:
    api.data("users.get_current_user")
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert api.refused("users.get_current_user") == (401, 30)


def test_a_read_only_key_reads_but_does_not_write(alice: Any, project: Any) -> None:
    reader = ProtocolClient(alice, scope="read")
    reader.data("projects.get_by_id", {"project": project.uid})
    assert reader.refused("projects.create", {"name": "new"}) == (403, 21)


def test_a_browser_session_is_no_credential(api: ProtocolClient, alice_client: Any) -> None:
    response = alice_client.get("/users.get_current_user")
    assert response.status_code == 401
    assert response.json()["meta"]["result_subcode"] == 20


@pytest.mark.parametrize(
    ("headers", "via"), [({}, Via.SDK), ({"X-ClearML-Agent": "api-3.0.3"}, Via.AGENT)]
)
def test_the_history_says_who_and_from_where(
    api: ProtocolClient, alice: Any, project: Any, headers: dict[str, str], via: str
) -> None:
    fields = {"name": "abc", "type": "training", "project": project.uid, "comment": "old"}
    body = {"task": api.data("tasks.create", fields)["id"], "comment": "new"}
    api.send("/v2.23/tasks.edit", json.dumps(body).encode(), **headers)
    entry = HistoryEntry.objects.get(key="comment")
    assert (entry.by, entry.via, entry.client) == (alice, via, "testhost")
    assert (entry.old, entry.new) == ("old", "new")


def test_the_last_use_of_a_key_is_noted(api: ProtocolClient) -> None:
    api.data("users.get_current_user")
    assert Credential.objects.get().last_used is not None
