"""A configuration object as a tree of plain values; the types that the format knows are kept."""

from __future__ import annotations

import configparser
import datetime
import json
import re
import tomllib
from collections.abc import Callable
from typing import NamedTuple

from experiments.rules.formats import hocon, yaml_text
from experiments.rules.formats.detection import Format
from experiments.rules.formats.problems import (
    MAX_DEPTH,
    Problem,
    Tree,
    Unreadable,
    unreadable_at,
)

# What takes a second or two to read; longer texts are shown, compared and saved as lines.
MAX_LENGTH = {
    Format.JSON: 16_000_000,
    Format.HOCON: 1_000_000,
    Format.YAML: 400_000,
    Format.TOML: 1_000_000,
    Format.INI: 2_000_000,
}
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Reading(NamedTuple):
    """`readable` is False for plain text, for what is too long, and where there is a problem."""

    tree: Tree
    problem: Problem | None = None
    readable: bool = True


def read(text: str, format_: Format) -> Reading:
    """The tree of a text in a format. Never raises."""
    parse = _PARSERS.get(format_)
    if parse is None or len(text) > MAX_LENGTH[format_]:
        return Reading(None, readable=False)
    try:
        found = parse(text)
        _check_depth(found)
    except Unreadable as error:
        return Reading(None, error.problem, readable=False)
    except RecursionError:
        return Reading(None, Problem(1, 1, f"nested deeper than {MAX_DEPTH}"), readable=False)
    return Reading(found)


def _json(text: str) -> Tree:
    try:
        found: Tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, error.colno, error.msg) from None
    except ValueError:
        raise Unreadable(1, 1, "a number has too many digits") from None
    return found


def _toml(text: str) -> Tree:
    try:
        return _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _TOML_PLACE.search(message)
        if place and place[1]:
            raise Unreadable(int(place[1]), int(place[2]), message[: place.start()]) from None
        message = message[: place.start()] if place else message
        raise unreadable_at(text, len(text), message) from None
    except ValueError:
        raise Unreadable(1, 1, "a number or date is out of range") from None


def _ini(text: str) -> Tree:
    parser = configparser.RawConfigParser(
        allow_no_value=True, default_section="\x00", interpolation=None
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        raise Unreadable(error.lineno, 1, "expected a [section] first") from None
    except configparser.ParsingError as error:
        raise Unreadable(error.errors[0][0], 1, "expected name = value") from None
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        raise Unreadable(error.lineno or 1, 1, "appears twice") from None
    except (configparser.Error, AttributeError, KeyError):
        raise Unreadable(1, 1, "cannot be read as INI") from None
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _plain(value: object) -> Tree:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else str(value)


def _check_depth(tree: Tree) -> None:
    level, below = 0, [tree]
    while below:
        if level > MAX_DEPTH:
            raise Unreadable(1, 1, f"nested deeper than {MAX_DEPTH}")
        level += 1
        below = [
            item
            for each in below
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
            if isinstance(item, dict | list)
        ]


_PARSERS: dict[Format, Callable[[str], Tree]] = {
    Format.JSON: _json,
    Format.HOCON: hocon.parse,
    Format.YAML: yaml_text.parse,
    Format.TOML: _toml,
    Format.INI: _ini,
}
