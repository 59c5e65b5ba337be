"""Random secrets and the digests kept of them.

The secrets made here are long and random, so a keyed hash is as good as a slow one and
costs microseconds instead of a quarter of a second; a dump of the database alone is
useless without the pepper. Passwords are not handled here, they need the slow hash.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string

_ACCESS_ALPHABET = string.ascii_uppercase + string.digits
_SECRET_ALPHABET = string.ascii_letters + string.digits


def new_access_key() -> str:
    return "".join(secrets.choice(_ACCESS_ALPHABET) for _ in range(20))


def new_secret_key() -> str:
    return "".join(secrets.choice(_SECRET_ALPHABET) for _ in range(48))


def new_link_token() -> str:
    return "".join(secrets.choice(_SECRET_ALPHABET) for _ in range(40))


def digest(purpose: str, secret: str, *, pepper: str) -> str:
    """What is stored of a secret; digests for different purposes never coincide."""
    key = hashlib.sha256(f"tuneboard/{purpose}/{pepper}".encode()).digest()
    return hmac.new(key, secret.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def same(digest_found: str, digest_given: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(digest_found, digest_given)
