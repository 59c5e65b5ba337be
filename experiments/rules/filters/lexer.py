"""Cuts the text of a filter into words, quoted strings, operators and punctuation."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from experiments.errors import InvalidFilter
from experiments.rules.fields import (
    UnclosedQuote,
    Word,
    is_storable,
    scan_quoted,
    scan_word,
    shortened,
)

MAX_LENGTH = 10_000

# Longest first. On the right: how the tree writes it.
_OPERATORS = {
    "!=": "!=",
    "<>": "!=",
    "<=": "<=",
    ">=": ">=",
    "==": "=",
    "!~": "!~",
    "=": "=",
    "<": "<",
    ">": ">",
    "~": "~",
}
_PUNCTUATION = "(),"


class Kind(StrEnum):
    WORD = "word"
    STRING = "string"
    OPERATOR = "operator"
    PUNCTUATION = "punctuation"
    END = "end"


class Token(NamedTuple):
    """`text` is what the token means, `source` what was typed from `position` on."""

    kind: Kind
    text: str
    position: int
    source: str
    word: Word | None = None

    @property
    def end(self) -> int:
        return self.position + len(self.source)

    @property
    def keyword(self) -> str:
        """The word in small letters when it may be a keyword, else nothing."""
        plain = self.word is not None and not self.word.quoted
        return self.text.lower() if plain else ""

    def __str__(self) -> str:
        return "the end" if self.kind is Kind.END else f"“{shortened(self.source)}”"


def tokens(text: str) -> list[Token]:
    """All tokens of the text; the last one is of kind END."""
    _check(text)
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found.append(_token(text, position))
        position = found[-1].end
    found.append(Token(Kind.END, "", len(text), ""))
    return found


def _token(text: str, start: int) -> Token:
    character = text[start]
    if character in _PUNCTUATION:
        return Token(Kind.PUNCTUATION, character, start, character)
    for source, meaning in _OPERATORS.items():
        if text.startswith(source, start):
            return Token(Kind.OPERATOR, meaning, start, source)
    try:
        if character in "\"'":
            content, end = scan_quoted(text, start)
            return Token(Kind.STRING, content, start, text[start:end])
        word = scan_word(text, start)
    except UnclosedQuote as error:
        raise InvalidFilter(
            error.detail, position=error.position, expected="a closing quote"
        ) from None
    if word.end == start:
        raise InvalidFilter(
            f"the {character} at character {start + 1} means nothing alone; "
            "“different from” is written !=, “does not contain” !~",
            position=start,
            expected="!= or !~",
        )
    return Token(Kind.WORD, word.text, start, text[start : word.end], word)


def _check(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(
            f"it is longer than {MAX_LENGTH:,} characters",
            position=MAX_LENGTH,
            expected="a shorter filter",
        )
    for position, character in enumerate(text):
        if not is_storable(character):
            raise InvalidFilter(
                f"character {position + 1} (U+{ord(character):04X}) cannot be part of a filter",
                position=position,
                expected="another character",
            )
