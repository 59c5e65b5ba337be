"""The version, as the newest heading of CHANGELOG.md has it."""

from __future__ import annotations

import re

from webui.env import BASE_DIR


def newest_version(changelog: str) -> str:
    """Raises ValueError where no heading such as `## 1.2.0 (2026-01-31)` is found."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    if found is None:
        raise ValueError("CHANGELOG.md has no heading with a version")
    return found[1]


VERSION = newest_version((BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"))
