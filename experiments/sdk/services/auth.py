"""Logging in."""

from __future__ import annotations

from datetime import timedelta

from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Request
from experiments.sdk.tokens import LIFETIME, issue_token


class Login(Request):
    expiration_sec: Count | None = None


@endpoint("auth.login", Login)
def login(call: Call, *, expiration_sec: int | None) -> Reply:
    """A token for key and secret, or a fresh one for a token (the session goes on)."""
    lifetime = timedelta(seconds=expiration_sec) if expiration_sec else LIFETIME
    return {"token": issue_token(call.credential, session=call.session, lifetime=lifetime)}
