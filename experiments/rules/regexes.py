"""Regular expressions as the databases run them; their one syntax is `filters.patterns`."""

from __future__ import annotations

import re
from functools import lru_cache

from experiments.rules.filters.patterns import compile_pattern

_compiled = lru_cache(maxsize=256)(compile_pattern)
_PLAIN = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^A-Za-z0-9])*", re.DOTALL)


def search(pattern: str, text: str | None) -> bool | None:
    """Whether the pattern occurs in the text, as SQL sees it: NULL for NULL."""
    return None if text is None else _compiled(pattern).search(text) is not None


def literal_parts(pattern: str) -> tuple[bool, str, bool] | None:
    """(anchored at start, text, anchored at end) of a pattern without real operators.

    Scripts mostly ask for `^escaped\\ name$` or a piece of a name; both need no engine.
    """
    start = pattern.startswith("^")
    end = pattern.endswith("$") and not pattern.endswith(r"\$")
    body = pattern[start : len(pattern) - end]
    if not _PLAIN.fullmatch(body):
        return None
    return start, re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL), end
