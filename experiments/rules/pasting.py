"""Text that a person pastes, as parameters: lines, `.env`, JSON, YAML, or a command line.

Names nest by `/`. Values stay text; JSON and YAML say their types, lines do not. What cannot be
understood is told with line and column, and never hinders the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from experiments.errors import InvalidField
from experiments.rules.formats.detection import Format
from experiments.rules.formats.tree import read
from experiments.rules.names import check_name, check_text
from experiments.rules.pasted_commands import CommandRow, read_command_line
from experiments.rules.pasted_lines import LineRow, read_lines

MAX_LENGTH = 400_000
MAX_ROWS = 10_000
FIELD = "pasted text"

_SEPARATOR = re.compile(r"\s*(?:=|\t|:(?=\s|$))\s*")
_NESTED = re.compile(r"^(?:[ \t]*- |[ \t]+\S[^=\n]*:(?:\s|$))", re.MULTILINE)
_KEY_ALONE = re.compile(r"^[^\s#][^=\n]*:[ \t]*(?:#.*|[&|>][^\n]*)?$", re.MULTILINE)
_FLOW = re.compile(r"^[^\s#=][^=\n:]*: *[\[{]", re.MULTILINE)
_BLOCK = re.compile(r"\? |[^\n]*:[ \t]*\n[ \t]+\S")
_OPTION = re.compile(r"(?<!\S)'?--?[A-Za-z]")


class Row(NamedTuple):
    """`type` None: not told, keep the one there is or infer one. `is_key`: the name begins with
    its section for certain."""

    name: str
    value: str
    type: str | None
    line: int
    is_key: bool = False


class Fault(NamedTuple):
    line: int
    column: int
    message: str


@dataclass(slots=True)
class Pasted:
    """`shape` says what the text was taken for, in words for people."""

    shape: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_pasted(text: str, whole: Collection[str] = ()) -> Pasted:
    """The parameters in a text; names in `whole` hold a dictionary, which is then one value.

    Raises InvalidField for a text that no database could keep.
    """
    check_text(text, FIELD)
    if len(text) > MAX_LENGTH:
        raise InvalidField(
            f"{FIELD} has {len(text):,} characters, at most {MAX_LENGTH:,} are possible",
            field=FIELD,
        )
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _without_bad_names(_read(plain, whole))


def _read(text: str, whole: Collection[str]) -> Pasted:
    start = text.lstrip()
    if start[:1] in {"{", "["}:
        return _structured(text, Format.JSON, whole)
    if _is_command_line(start):
        return _command_line(text)
    if "\n" in start.strip() and _KEY_ALONE.search(text) and _NESTED.search(text):
        return _structured(text, Format.YAML, whole)
    if start[:3] == "---" or _BLOCK.match(start) or _FLOW.search(text):
        as_yaml = _structured(text, Format.YAML, whole)
        if not as_yaml.faults:
            return as_yaml
    return _lines(text)


def _is_command_line(start: str) -> bool:
    first_line = start.replace("\\\n", "  ").partition("\n")[0]
    if start.startswith("---") or _BLOCK.match(start):
        return False
    option, separator = _OPTION.search(first_line), _SEPARATOR.search(first_line)
    return option is not None and (separator is None or option.start() < separator.start())


def _command_line(text: str) -> Pasted:
    found = Pasted("a command line")
    for row in read_command_line(text):
        if isinstance(row, CommandRow):
            found.rows.append(Row(row.name, row.value, row.type, row.line))
        else:
            found.faults.append(Fault(*row))
    return found


def _lines(text: str) -> Pasted:
    found = Pasted("lines of name and value")
    for row in read_lines(text):
        if isinstance(row, LineRow):
            found.rows.append(Row(*row))
        else:
            found.faults.append(Fault(*row))
    return found


def _structured(text: str, format_: Format, whole: Collection[str]) -> Pasted:
    found = Pasted(str(format_))
    tree, problem, _ = read(text, format_)
    if problem:
        found.faults.append(Fault(*problem))
    elif not isinstance(tree, dict):
        found.faults.append(Fault(1, 1, "expected names with values, not a list or one value"))
    else:
        _flatten(tree, "", found, whole)
    return found


def _flatten(tree: dict[str, object], prefix: str, found: Pasted, whole: Collection[str]) -> None:
    for key, value in tree.items():
        name = prefix + key
        if isinstance(value, dict) and value and name not in whole:
            _flatten(value, f"{name}/", found, whole)
        else:
            found.rows.append(Row(name, *as_the_sdk_writes(value), 1))


def as_the_sdk_writes(value: object) -> tuple[str, str]:
    """Text and type, as `set_parameters` would record them; None has no text and no type."""
    if value is None:
        return "", ""
    if isinstance(value, list | dict):
        kinds = {type(item).__name__ for item in value} if isinstance(value, list) else set()
        inner = f"/{kinds.pop()}" if len(kinds) == 1 and "NoneType" not in kinds else ""
        return json.dumps(value, ensure_ascii=False), f"{type(value).__name__}{inner}"
    return str(value), type(value).__name__


def _without_bad_names(pasted: Pasted) -> Pasted:
    """Names in their one spelling; those that cannot be, or come twice, become faults."""
    seen: set[str] = set()
    rows: list[Row] = []
    for row in pasted.rows:
        fault = None
        try:
            name = check_name(row.name, "name")
            check_text(row.value, "value")
            fault = f"{name[:80]} appears twice" if name in seen else None
        except InvalidField as error:
            name, fault = "", error.detail
        if len(rows) == MAX_ROWS:
            pasted.faults.append(Fault(row.line, 1, f"more than {MAX_ROWS:,} parameters"))
            break
        if fault:
            pasted.faults.append(Fault(row.line, 1, fault))
        else:
            seen.add(name)
            rows.append(row._replace(name=name))
    pasted.rows = rows
    return pasted
