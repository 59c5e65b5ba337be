"""A pasted fragment of a command line as names and values, split as a shell would."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from experiments.rules.values import parse_number

_OPTION = re.compile(r"--?([A-Za-z][^\s=]*)(?:=(.*))?", re.DOTALL)
_OVERRIDE = re.compile(r"[+~]{0,2}([A-Za-z_][\w.@/-]*)=(.*)", re.DOTALL)


class CommandRow(NamedTuple):
    name: str
    value: str
    type: str | None
    line: int


class CommandFault(NamedTuple):
    line: int
    column: int
    message: str


def read_command_line(text: str) -> Iterator[CommandRow | CommandFault]:
    """`--lr 0.1 --amp --layers 16 8 model=large`; the program's name in front is passed over."""
    words: list[str] = []
    lexer = shlex.shlex(text.replace("\\\n", "  "), posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words.extend(lexer)
    except ValueError:
        yield CommandFault(lexer.lineno, 1, "a quote is not closed")
        return
    yield from _rows(words)


def _rows(words: list[str]) -> Iterator[CommandRow]:
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        option = _OPTION.fullmatch(word) if parse_number(word) is None else None
        if not option:
            # Hydra's; anything else in front of the options is the program or a command.
            if override := _OVERRIDE.fullmatch(word):
                yield CommandRow(override[1], override[2], None, 1)
            continue
        values = [option[2]] if option[2] is not None else []
        while option[2] is None and at < len(words) and _is_value(words[at]):
            values.append(words[at])
            at += 1
        yield _row(option[1].replace("-", "_"), values)


def _is_value(word: str) -> bool:
    return not (word.startswith("-") and _OPTION.fullmatch(word)) and not _OVERRIDE.fullmatch(word)


def _row(name: str, values: list[str]) -> CommandRow:
    if not values:
        return CommandRow(name, "True", "bool", 1)
    if len(values) == 1:
        return CommandRow(name, values[0], None, 1)
    numbers = all(parse_number(value) is not None for value in values)
    items = ", ".join(values) if numbers and _is_json(values) else None
    text = f"[{items}]" if items else json.dumps(values, ensure_ascii=False)
    return CommandRow(name, text, None, 1)


def _is_json(values: list[str]) -> bool:
    try:
        return all(type(json.loads(value)) in {int, float} for value in values)
    except ValueError:
        return False
