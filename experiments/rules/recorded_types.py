"""The type names that capture systems record, and what each of them stands for.

A type is free text: `int` (argparse, connect), `INT` (click), `list/int` (connect,
jsonargparse), `comma separated list of strings` (absl), `fire.Arg@train`, the name of an
enumeration. Choices stand in the name (click) or in the description (absl, argparse, enums).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    NOTHING = "nothing"
    LIST = "list"
    DICTIONARY = "dictionary"
    CHOICE = "choice"
    JSON = "json"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Recorded:
    """`items` is the kind of a list's or dictionary's values; None: any."""

    kind: Kind
    items: Kind | None = None
    choices: tuple[str, ...] = ()


_NAMES: dict[str, Kind] = {
    **dict.fromkeys(("int", "integer", "long"), Kind.INTEGER),
    **dict.fromkeys(("float", "double", "number"), Kind.NUMBER),
    **dict.fromkeys(("bool", "boolean", "click.command", "fire.command"), Kind.BOOLEAN),
    **dict.fromkeys(
        ("str", "string", "text", "uuid", "unprocessed", "jsonargparse.command"), Kind.TEXT
    ),
    **dict.fromkeys(("nonetype", "none"), Kind.NOTHING),
    **dict.fromkeys(("list", "tuple"), Kind.LIST),
    **dict.fromkeys(("dict", "mapping"), Kind.DICTIONARY),
    **dict.fromkeys(("jsonargparse_namespace", "jsonargparse_path"), Kind.JSON),
}
_OF_ABSL: dict[str, Recorded] = {
    "comma separated list of strings": Recorded(Kind.LIST, Kind.TEXT),
    "whitespace separated list of strings": Recorded(Kind.LIST, Kind.TEXT),
    "multi string": Recorded(Kind.LIST, Kind.TEXT),
    "multi string enum": Recorded(Kind.LIST, Kind.TEXT),
    "multi enum class": Recorded(Kind.LIST, Kind.TEXT),
    "multi int": Recorded(Kind.LIST, Kind.INTEGER),
    "multi float": Recorded(Kind.LIST, Kind.NUMBER),
}
_RANGE = re.compile(r"<(Int|Float)Range [^>]{0,100}>?[^>]{0,100}>")
_CLASS = re.compile(r"<class '(?:\w{1,100}\.){0,10}(\w{1,100})'>")
_OPTIONAL = re.compile(r"Optional\[(.{1,200})\]|(.{1,200}) \| None|Union\[(.{1,200}), NoneType\]")
_GENERIC = re.compile(r"([Ll]ist|[Tt]uple|Sequence|[Dd]ict|Mapping)\[(.{1,200})\]")
_STRUCTURES = {"list": Kind.LIST, "tuple": Kind.LIST, "sequence": Kind.LIST,
               "dict": Kind.DICTIONARY, "mapping": Kind.DICTIONARY}  # fmt: skip

_CLICK_CHOICE = re.compile(r"Choice\((\[.{0,5000}\])\)", re.DOTALL)
_ABSL_CHOICES = re.compile(r"<([^<>]{1,5000})>: ")
_ARGPARSE_CHOICES = re.compile(r"choices: (\[.{0,5000}?\]|\(.{0,5000}?\)), default: ", re.DOTALL)
_ENUM_CHOICES = re.compile(r"(?:^|\n)Values:\n([^\n]{1,200}(?:,\n[^\n]{1,200}){0,500})$")


@lru_cache(maxsize=10_000)
def read_type(type_: str | None, description: str | None = None) -> Recorded:
    """What a recorded type stands for. A name not known is OTHER, which accepts any text."""
    if not type_:
        return Recorded(Kind.OTHER)
    if choices := _choices(type_, (description or "")[:20_000]):
        return Recorded(Kind.CHOICE, choices=choices)
    return _read(type_.strip())


def _read(type_: str) -> Recorded:
    name = type_.removeprefix("typing.")
    if kind := _NAMES.get(name.lower()):
        return Recorded(kind)
    if recorded := _OF_ABSL.get(name):
        return recorded
    if found := _RANGE.fullmatch(name):
        return Recorded(Kind.INTEGER if found[1] == "Int" else Kind.NUMBER)
    if found := _CLASS.fullmatch(name):
        return _read(found[1])
    if found := _OPTIONAL.fullmatch(name):
        return _read(found[1] or found[2] or found[3])
    return _structure(name)


def _structure(name: str) -> Recorded:
    """`list/int` of the SDK, `List[int]` and `Dict[str, int]` of annotations."""
    outer, slash, inner = name.partition("/")
    if not slash:
        found = _GENERIC.fullmatch(name)
        if not found:
            return Recorded(Kind.OTHER)
        outer, inner = found[1], found[2].rpartition(", ")[2]
    kind = _STRUCTURES.get(outer.lower())
    if kind is None:
        return Recorded(Kind.OTHER)
    items = _NAMES.get(inner.lower())
    # What is recorded is the type of the first value; None tells nothing about the others.
    return Recorded(kind, None if items in {Kind.NOTHING, Kind.JSON} else items)


def _choices(type_: str, description: str) -> tuple[str, ...]:
    if found := _CLICK_CHOICE.fullmatch(type_):
        return _literals(found[1])
    if type_ == "string enum":
        found = _ABSL_CHOICES.match(description)
        return tuple(found[1].split("|")) if found else ()
    if found := _ARGPARSE_CHOICES.match(description):
        return _literals(found[1])
    if _read(type_).kind is Kind.OTHER and (found := _ENUM_CHOICES.search(description)):
        return tuple(found[1].split(",\n"))
    return ()


def _literals(text: str) -> tuple[str, ...]:
    """The texts of a list in Python's notation; empty when it holds anything but scalars."""
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ()
    if not all(isinstance(choice, str | int | float) for choice in found):
        return ()
    return tuple(map(str, found))
