"""Who is calling: access key and secret (Basic) or the token of a login (Bearer).

Sessions and cookies are not looked at, so no other site can make a browser call the protocol.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from django.http import HttpRequest

from experiments.errors import InvalidCredentials, InvalidToken, NoCredentials, NotAllowed
from experiments.models import Credential, User, Via
from experiments.operations.accounts import note_use
from experiments.operations.actor import Actor
from experiments.queries.accounts import credential_by_id, credential_for
from experiments.sdk.registry import Endpoint, Version
from experiments.sdk.tokens import new_session, read_token

_MOST_OF_A_HOST = 200


@dataclass(frozen=True, slots=True)
class Call:
    """What an endpoint knows besides its arguments."""

    actor: Actor
    credential: Credential
    session: str
    version: Version

    @property
    def user(self) -> User:
        return self.actor.user


def authenticate(request: HttpRequest, endpoint: Endpoint, version: Version) -> Call:
    """The caller. Raises NoCredentials, InvalidCredentials, InvalidToken or NotAllowed."""
    actor, credential = caller(request, writes=endpoint.writes)
    return Call(actor=actor, credential=credential, session=actor.client, version=version)


def caller(request: HttpRequest, *, writes: bool) -> tuple[Actor, Credential]:
    """Who calls, and by which key; raises as `authenticate`."""
    credential, session = _credential(request.headers.get("Authorization", ""))
    if writes and credential.scope != Credential.Scope.WRITE:
        raise NotAllowed("this key may only read")
    note_use(credential=credential)
    agent = "X-ClearML-Agent" in request.headers or "X-Trains-Agent" in request.headers
    host = request.headers.get("X-ClearML-Worker") or request.headers.get("X-Trains-Worker") or ""
    actor = Actor(
        user=credential.user,
        via=Via.AGENT if agent else Via.SDK,
        client=session,
        host=host[:_MOST_OF_A_HOST],
    )
    return actor, credential


def _credential(header: str) -> tuple[Credential, str]:
    scheme, _, value = header.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            claims = read_token(value.strip())
            return credential_by_id(claims.credential_id), claims.session
        case "basic":
            return credential_for(*_pair(value.strip())), new_session()
        case "":
            raise NoCredentials("log in with access key and secret key")
    raise InvalidToken("only Basic and Bearer are understood")


def _pair(encoded: str) -> tuple[str, str]:
    try:
        access_key, _, secret_key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise InvalidCredentials("the Authorization header cannot be read") from None
    return access_key, secret_key
