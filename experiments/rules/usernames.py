"""What a user name may look like: one spelling for each, none that resembles another."""

from __future__ import annotations

import re

from experiments.errors import InvalidField

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,149}")


def normal_username(text: str, field: str = "username") -> str:
    """The stored form. Lower case ASCII only, so that nobody can pose as a look-alike."""
    name = text.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise InvalidField(
            "a user name has 1 to 150 letters a-z, digits, or . _ @ + -, "
            "and starts with a letter or digit",
            field=field,
        )
    return name
