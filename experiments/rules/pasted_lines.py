"""Pasted lines of name and value: `name = value`, `name: value`, a tab between, or `.env`.

A value in quotes may go on over several lines, as a shell reads it. A comment that is a key in
quotes, as our own copies have it, says what the variable on the next line stands for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_EXPORT = re.compile(r"export\s+(?=[A-Za-z_])")
_SEPARATOR = re.compile(r"\s*(?:=|\t|:(?=\s|$))\s*")
_ENV_QUOTED = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"")
_VARIABLE = re.compile(r"\s*(?:export\s+)?[A-Za-z_]\w*=(?=['\"\\])", re.ASCII)
_WORD = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|\\(.)|([^\s'\"\\]+)", re.DOTALL)
_KEY = re.compile(r'# ("(?:[^"\\]|\\.){1,10000}")')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_FAR = 4  # times the text that quotes may be looked through for


class LineRow(NamedTuple):
    """`is_key`: the name begins with its section."""

    name: str
    value: str
    type: str | None
    line: int
    is_key: bool = False


class LineFault(NamedTuple):
    line: int
    column: int
    message: str


def read_lines(text: str) -> Iterator[LineRow | LineFault]:
    key, start, number, left = "", 0, 1, _FAR * len(text)
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        variable = _VARIABLE.match(line)
        found = _shell_word(text, start + variable.end(), left) if variable else None
        if variable and found:
            value, end, looked_at = found
            left -= looked_at
            name = key or line[: variable.end() - 1].removeprefix("export").strip()
            yield LineRow(name, value, "str", number, is_key=bool(key))
        elif line.strip():
            left -= len(line)
            yield from _line(line, number, key)
        key = _key_in(line)
        number += text.count("\n", start, end) + 1
        start = end + 1


def _line(line: str, number: int, key: str) -> Iterator[LineRow | LineFault]:
    stripped = line.strip()
    if stripped.startswith(("#", ";")):
        return
    indent = len(line) - len(line.lstrip())
    exported = _EXPORT.match(stripped)
    rest = stripped[exported.end() :] if exported else stripped
    parts = _SEPARATOR.search(rest)
    if not parts:
        expected = "expected name = value, name: value, or a tab between the two"
        yield LineFault(number, indent + 1, expected)
    elif not (name := _unquoted(rest[: parts.start()])[0].strip()):
        yield LineFault(number, indent + 1, "expected a name before the value")
    else:
        value, quoted = _unquoted(rest[parts.end() :])
        yield LineRow(key or name, value, "str" if quoted else None, number, is_key=bool(key))


def _key_in(line: str) -> str:
    found = _KEY.fullmatch(line.strip())
    try:
        key = json.loads(found[1]) if found else ""
    except ValueError:
        return ""
    return key if "/" in key else ""


def _shell_word(text: str, start: int, most: int) -> tuple[str, int, int] | None:
    """A word as a shell reads it, where it ends, and how far was looked; it must end its line."""
    pieces: list[str] = []
    at = start
    while piece := _WORD.match(text, at, start + max(0, most)):
        single, double, escaped, plain = piece.groups()
        if double is not None:
            double = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), double)
        pieces.append(next(each for each in (single, double, escaped, plain) if each is not None))
        at = piece.end()
    rest = text.find("\n", at)
    end = len(text) if rest < 0 else rest
    return None if at == start or text[at:end].strip() else ("".join(pieces), end, at - start)


def _unquoted(text: str) -> tuple[str, bool]:
    """Without the quotes around it, if it is one quoted text."""
    quoted = _ENV_QUOTED.fullmatch(text)
    if not quoted:
        return text, False
    if quoted[1] is not None:
        return quoted[1], True
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), quoted[2]), True
