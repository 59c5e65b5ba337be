"""Regular expressions a person or a script gives us: RE2 only, so time is linear."""
from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import re2

from experiments.errors import InvalidField
from experiments.rules.fields import shortened

MAX_MEMORY = 1 << 20


class Pattern(Protocol):
    def search(self, text: str) -> object | None: ...


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern:
    """The compiled expression; InvalidField says what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else b""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise InvalidField(f"not a regular expression ({shortened(text)})") from None
    except UnicodeEncodeError:
        raise InvalidField("not a regular expression (a character is not valid)") from None
