"""Public ids: 32 hexadecimal digits, the form by which agents tell an id from a name."""

from __future__ import annotations

import uuid


def new_uid() -> str:
    return uuid.uuid4().hex
