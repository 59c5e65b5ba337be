"""A person as the protocol shows them."""

from __future__ import annotations

from typing import Any

from experiments.models import User
from experiments.sdk.tokens import COMPANY_ID, COMPANY_NAME
from experiments.sdk.wire.times import to_wire


def user_to_wire(user: User) -> dict[str, Any]:
    given, _, family = str(user).partition(" ")
    return {
        "id": user.uid,
        "name": str(user),
        "given_name": given,
        "family_name": family,
        "role": "admin" if user.is_admin else "user",
        "created": to_wire(user.created),
        "company": {"id": COMPANY_ID, "name": COMPANY_NAME},
    }
