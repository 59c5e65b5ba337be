"""The recorded type of a parameter as a contract: does a text fit it?

Type names are free text; each capture system leaves its own (`int`, `INT`, `integer`,
`list/int`, `typing.Optional[int]`). A name not known here accepts any text.
"""

from __future__ import annotations

import re

from experiments.rules.values import parse_number

_INTEGER = re.compile(r"[+-]?\d[\d_]*", re.ASCII)
_BOOLEANS = {"true", "false", "0", "1", "yes", "no"}
_INTEGER_TYPES = {"int", "INT", "integer", "long"}
_FLOAT_TYPES = {"float", "FLOAT", "double", "number"}
_BOOLEAN_TYPES = {"bool", "BOOL", "boolean"}
# What the SDK casts "" and "None" to for these is None: both stay possible.
_NOTHING = {"", "None"}


def type_error(text: str, type_: str | None) -> str | None:
    """What is wrong with `text` as a value of `type_`, as the end of a sentence; or None."""
    if type_ is None or text in _NOTHING:
        return None
    if type_ in _INTEGER_TYPES and not _INTEGER.fullmatch(text):
        return f"is a whole number (type {type_}); {text[:40]!r} is not one"
    if type_ in _FLOAT_TYPES and parse_number(text) is None and text.lower() != "nan":
        return f"is a number (type {type_}); {text[:40]!r} is not one"
    if type_ in _BOOLEAN_TYPES and text.lower() not in _BOOLEANS:
        return f"is True or False (type {type_}); {text[:40]!r} is neither"
    return None
