"""The token a login gives: signed, short-lived, and no more than a reference to a credential.

The SDK reads `exp`, `api_version`, `server_version`, `feature_set` and `identity` from it
without checking the signature; the server reads `cred` and `sid`.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import jwt
from django.conf import settings

from experiments.errors import InvalidToken
from experiments.models import Credential
from experiments.sdk.registry import NEWEST, format_version

LIFETIME = timedelta(days=30)
LONGEST = timedelta(days=365)
# Below six minutes the SDK would log in before every request.
SHORTEST = timedelta(minutes=10)
ALGORITHM = "HS256"
SERVER_VERSION = "2.0.0"
COMPANY_ID = "74756e65626f61726400000000000000"
COMPANY_NAME = "Tuneboard"


class Claims(NamedTuple):
    credential_id: int
    session: str


def new_session() -> str:
    return secrets.token_hex(8)


def issue_token(
    credential: Credential,
    *,
    session: str,
    lifetime: timedelta = LIFETIME,
    now: datetime | None = None,
) -> str:
    issued = now or datetime.now(UTC)
    user = credential.user
    claims = {
        "iat": int(issued.timestamp()),
        "exp": int((issued + min(max(lifetime, SHORTEST), LONGEST)).timestamp()),
        "auth_type": "Bearer",
        "env": "prod",
        "api_version": format_version(NEWEST),
        "server_version": SERVER_VERSION,
        "feature_set": "basic",
        "identity": {
            "user": user.uid,
            "user_name": str(user),
            "role": role_of(credential),
            "company": COMPANY_ID,
            "company_name": COMPANY_NAME,
        },
        "cred": credential.pk,
        "sid": session,
    }
    return jwt.encode(claims, _key(settings.SECRET_KEY), algorithm=ALGORITHM)


def read_token(token: str) -> Claims:
    """Raises InvalidToken for what is not ours, was changed or has expired."""
    try:
        claims = jwt.decode(
            token,
            _key(settings.SECRET_KEY),
            algorithms=[ALGORITHM],
            options={"require": ["exp", "iat", "cred", "sid"]},
        )
        return Claims(int(claims["cred"]), str(claims["sid"])[:32])
    except jwt.ExpiredSignatureError:
        raise InvalidToken("it has expired") from None
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise InvalidToken("it was not issued by this server") from None


def role_of(credential: Credential) -> str:
    return "admin" if credential.user.is_admin else "user"


@cache
def _key(secret_key: str) -> bytes:
    """A key of its own, so that no other signature of this server passes for a token."""
    return hashlib.sha256(f"tuneboard/sdk-token/{secret_key}".encode()).digest()
