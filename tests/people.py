"""The three people of every access test, and clients through which they act."""

from __future__ import annotations

import base64
import json
from typing import Any

import django.test
import pytest

from experiments.models import Project, Role, User
from experiments.operations import accounts
from tests.factories import make_project, make_user


class ProtocolClient:
    """Calls the SDK's protocol in process, as one person, with a real token."""

    def __init__(self, user: User, *, scope: str = "write") -> None:
        self.user = user
        self.scope = scope
        self.http = django.test.Client(raise_request_exception=False)
        self.status = 0
        self._token = ""

    def call(self, endpoint: str, body: Any = None, *, version: str = "2.23") -> dict[str, Any]:
        """The reply's whole envelope; `status` is the HTTP status."""
        return self.send(
            f"/v{version}/{endpoint}", json.dumps({} if body is None else body).encode()
        )

    def data(self, endpoint: str, body: Any = None) -> dict[str, Any]:
        """The data of a reply that must be a success."""
        reply = self.call(endpoint, body)
        assert reply["meta"]["result_code"] == 200, reply["meta"]
        return reply["data"]

    def refused(self, endpoint: str, body: Any = None) -> tuple[int, int]:
        """Code and subcode of a reply that must be a refusal, with nothing but its envelope."""
        meta = self.call(endpoint, body)["meta"]
        assert meta["result_code"] != 200, f"{endpoint} was not refused"
        return meta["result_code"], meta["result_subcode"]

    def send(
        self,
        path: str,
        body: bytes = b"",
        *,
        content_type: str = "application/json",
        method: str = "GET",
        **headers: str,
    ) -> dict[str, Any]:
        """Any request at all; the SDK's own default is a GET with a body."""
        headers.setdefault("Authorization", f"Bearer {self.token}")
        response = self.http.generic(
            method, path, body, content_type, headers={**headers, "X-ClearML-Worker": "testhost"}
        )
        self.status = response.status_code
        return json.loads(response.content)

    @property
    def token(self) -> str:
        if not self._token:
            self._token = self._sign_in()
        return self._token

    def _sign_in(self) -> str:
        issued = accounts.issue_credentials(user=self.user, label="test", scope=self.scope)
        pair = f"{issued.access_key}:{issued.secret_key}".encode()
        response = self.http.get(
            "/auth.login", headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        )
        assert response.status_code == 200, response.content
        return response.json()["data"]["token"]


@pytest.fixture
def alice(db: None) -> User:
    """Owner of `project`."""
    return make_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Viewer of `project`."""
    return make_user("bob")


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger to `project`."""
    return make_user("charlie")


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin", admin=True)


@pytest.fixture
def project(alice: User, bob: User) -> Project:
    """Alice's project, which bob may see and charlie may not."""
    return make_project("vision", owner=alice, members={bob: Role.VIEWER})


def _browser_of(user: User) -> django.test.Client:
    client = django.test.Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice: User) -> django.test.Client:
    return _browser_of(alice)


@pytest.fixture
def bob_client(bob: User) -> django.test.Client:
    return _browser_of(bob)


@pytest.fixture
def charlie_client(charlie: User) -> django.test.Client:
    return _browser_of(charlie)


@pytest.fixture
def admin_client(admin: User) -> django.test.Client:
    return _browser_of(admin)


@pytest.fixture
def api(alice: User) -> ProtocolClient:
    """The protocol, as alice: `api.call("tasks.create", {...})`."""
    return ProtocolClient(alice)


@pytest.fixture
def bob_api(bob: User) -> ProtocolClient:
    return ProtocolClient(bob)


@pytest.fixture
def charlie_api(charlie: User) -> ProtocolClient:
    return ProtocolClient(charlie)
