"""Short fingerprints of texts that are too long to keep twice."""

from __future__ import annotations

import hashlib


def digest(*parts: str | None) -> str:
    """32 hexadecimal digits; None and "" differ, and so do ("ab", "") and ("a", "b")."""
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        text = b"" if part is None else part.encode()
        whole.update(f"{part is None}{len(text)}:".encode())
        whole.update(text)
    return whole.hexdigest()
