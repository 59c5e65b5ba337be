"""Whether a text keeps the rules of its format. A fault is told, and may be saved all the same."""

from __future__ import annotations

from experiments.rules.formats.detection import Format
from experiments.rules.formats.problems import Problem
from experiments.rules.formats.tree import read


def check(text: str, format_: Format) -> Problem | None:
    """The first fault with its line and column; None: there is none, or it cannot be told."""
    return read(text, format_).problem if text.strip() else None
