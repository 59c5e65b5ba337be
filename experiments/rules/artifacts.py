"""Artifacts: what identifies one, and where among our files it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from experiments.rules.files import one_spelling

Artifact = dict[str, Any]

OUTPUT = "output"
MODES = ("input", OUTPUT)


def identity(artifact: Artifact) -> tuple[str, str]:
    """Key and mode; what was stored without a mode was put out."""
    return artifact["key"], artifact.get("mode") or OUTPUT


def path_in(uri: object) -> str | None:
    """The path of an uploaded file in its address, whatever the server is called there."""
    if not isinstance(uri, str):
        return None
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    _, mark, path = parts.path.partition("/files/")
    if parts.scheme not in {"http", "https"} or not mark:
        return None
    return one_spelling(unquote(path)) if path else None
