"""Regular expressions a person or a script gives us: RE2 only, so time is linear.

What PostgreSQL could not answer just the same is refused on SQLite too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import re2

from experiments.errors import InvalidField
from experiments.rules.fields import shortened
from experiments.rules.filters.posix import to_posix

MAX_MEMORY = 1 << 20
MAX_SIZE = 5_000  # in instructions of RE2; PostgreSQL takes 20 ms to compile that many


class Pattern(Protocol):
    def search(self, text: str) -> object | None: ...


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern:
    """The compiled expression; InvalidField says what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        compiled = re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else b""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise InvalidField(f"not a regular expression ({shortened(text)})") from None
    except UnicodeEncodeError:
        raise InvalidField("not a regular expression (a character is not valid)") from None
    if compiled.programsize > MAX_SIZE:
        raise InvalidField("the regular expression is too large")
    to_posix(pattern)
    return compiled
