"""Who is who."""

from __future__ import annotations

from experiments.queries.accounts import people
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Nothing, Request
from experiments.sdk.wire.users import user_to_wire


class GetAll(Request):
    id: list[str] | None = None


@endpoint("users.get_current_user", Nothing)
def get_current_user(call: Call) -> Reply:
    """The person whose key is used."""
    return {"user": user_to_wire(call.user)}


@endpoint("users.get_all", GetAll)
def get_all(call: Call, *, id: list[str] | None) -> Reply:
    """Everybody, or those with the given ids."""
    return {"users": [user_to_wire(user) for user in people(id or None)]}
