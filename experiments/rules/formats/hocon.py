"""HOCON, as the SDK writes dictionaries (clearml/utilities/config.py) and people write it.

`include` is refused, never followed: pyhocon, also the SDK's copy, opens any file or address it
names. Substitutions (`${a.b}`) stay as they are written. Read in one pass.
"""

from __future__ import annotations

import re

from experiments.rules.formats.problems import MAX_DEPTH, Tree, Unreadable, unreadable_at

_BLANK = re.compile(r"(?:[\s,\ufeff]|#[^\n]*|//[^\n]*)*")
_SPACE = re.compile(r"[^\S\n]*")
_TRIPLE = re.compile(r'"""(.*?"*)"""', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\[^\n])*)"')
_SUBSTITUTION = re.compile(r"\$\{[^}\n]*\}")
_UNQUOTED = re.compile(r'(?:(?!//|\$\{)[^\s"{}\[\],#])+')
_UNQUOTED_KEY = re.compile(r'(?:(?!//|\+=)[^\n"{}\[\],#=:.])+')
_SEPARATOR = re.compile(r"\s*(?:\+=|[=:])\s*")
_NUMBER = re.compile(r"[+-]?(?:\d*\.\d+|\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?", re.ASCII)
_INCLUDE = re.compile(r"include(?=[\s(\"])(?!\s*[=:{])", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS: dict[str, Tree] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Tree:
    """The tree of a text. Raises Unreadable."""
    reader = _Reader(text)
    reader.skip(_BLANK)
    if text[reader.at : reader.at + 1] in {"{", "["}:
        found = reader.structure(0)
        reader.skip(_BLANK)
    else:
        found = reader.members("", 0)
    if reader.at < len(text):
        raise reader.problem(f"nothing can follow here, but {text[reader.at]!r} does")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def problem(self, message: str) -> Unreadable:
        return unreadable_at(self.text, self.at, message)

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def shown(self) -> str:
        return repr(self.next()) if self.next() else "the end"

    def structure(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise self.problem(f"nested deeper than {MAX_DEPTH}")
        opened = self.at
        closing = "}" if self.next() == "{" else "]"
        self.at += 1
        found = self.members("}", depth) if closing == "}" else self.items(depth)
        if self.next() != closing:
            self.at = opened
            raise self.problem(f"no {closing!r} closes this {self.next()!r}")
        self.at += 1
        return found

    def members(self, end: str, depth: int) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        while True:
            self.skip(_BLANK)
            if self.at == len(self.text) or self.next() == end:
                return found
            if _INCLUDE.match(self.text, self.at):
                raise self.problem("include is not followed; put the text itself here")
            path = self.path()
            separator = self.skip(_SEPARATOR).strip()
            if not separator and self.next() != "{":
                raise self.problem("expected '=', ':' or '{' after a key")
            value = self.value(depth + 1)
            self.put(found, path, value, append=separator == "+=")

    def path(self) -> list[str]:
        """`a."b.c".d`; quoted parts are taken whole."""
        start = self.at
        parts: list[str] = []
        while True:
            quoted = _QUOTED.match(self.text, self.at)
            if quoted:
                self.at = quoted.end()
                parts.append(_unescaped(quoted[1]))
                self.skip(_SPACE)
            else:
                parts.append(self.skip(_UNQUOTED_KEY).strip())
            if self.next() != ".":
                break
            self.at += 1
        if not quoted and not parts[-1]:
            self.at = min(self.at, len(self.text))
            raise self.problem(f"expected a key, found {self.shown()}")
        if len(parts) > MAX_DEPTH:
            self.at = start
            raise self.problem(f"nested deeper than {MAX_DEPTH}")
        return parts

    def put(self, tree: dict[str, Tree], path: list[str], value: Tree, *, append: bool) -> None:
        for part in path[:-1]:
            inner = tree.get(part)
            if not isinstance(inner, dict):
                inner = tree[part] = {}
            tree = inner
        before = tree.get(path[-1])
        if append:
            kept = before if isinstance(before, list) else []
            kept.extend(value if isinstance(value, list) else [value])
            value = kept
        elif isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)
            value = before
        tree[path[-1]] = value

    def items(self, depth: int) -> list[Tree]:
        found: list[Tree] = []
        while True:
            self.skip(_BLANK)
            if self.at == len(self.text) or self.next() == "]":
                return found
            found.append(self.value(depth + 1))

    def value(self, depth: int) -> Tree:
        """One value, or several side by side on a line, which HOCON joins."""
        start = self.at
        pieces: list[Tree] = []
        plain = True
        while True:
            space = self.skip(_SPACE)
            before = self.at
            piece, quoted = self.piece(depth)
            if self.at == before:
                break
            if pieces and space and isinstance(piece, str) and isinstance(pieces[-1], str):
                piece = space + piece
            pieces.append(piece)
            plain = plain and not quoted
        if not pieces:
            raise self.problem(f"expected a value, found {self.shown()}")
        return self.joined(pieces, plain, self.text[start : self.at].strip())

    def piece(self, depth: int) -> tuple[Tree, bool]:
        """The next piece, and whether it was more than bare words."""
        if self.next() in {"{", "["}:
            return self.structure(depth), True
        for pattern in (_TRIPLE, _QUOTED):
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                return found[1] if pattern is _TRIPLE else _unescaped(found[1]), True
        if self.next() == '"':
            raise self.problem("this quote is not closed on its line")
        return self.skip(_SUBSTITUTION) or self.skip(_UNQUOTED), False

    def joined(self, pieces: list[Tree], plain: bool, source: str) -> Tree:
        if plain:
            return _scalar(source)
        if len(pieces) == 1:
            return pieces[0]
        if all(isinstance(piece, str) for piece in pieces):
            return "".join(map(str, pieces))
        if all(isinstance(piece, list) for piece in pieces):
            return [item for piece in pieces if isinstance(piece, list) for item in piece]
        if all(isinstance(piece, dict) for piece in pieces):
            merged: dict[str, Tree] = {}
            for piece in pieces:
                _merge(merged, piece if isinstance(piece, dict) else {})
            return merged
        return source


def _merge(into: dict[str, Tree], other: dict[str, Tree]) -> None:
    for key, value in other.items():
        before = into.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)
        else:
            into[key] = value


def _scalar(text: str) -> Tree:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return int(text)
    except ValueError:
        return float(text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(found: re.Match[str]) -> str:
    escape = found[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPES.get(escape, escape)
