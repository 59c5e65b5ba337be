"""The recorded type of a parameter as a contract: which texts fit, and what they mean.

None, "" and "None" are three things that the protocol carries as two: None travels as "".
- of a number, "" is None: a script that connects it gets None;
- of a boolean, "" is None or False: `connect` with the default None gives None, else False;
- of a text, "" is "" (None where the script's own default is None);
- without a type, "" is None (`cast_basic_type`), and every other text is itself;
- the word `None` is a text. For a number or a boolean it is refused: the SDK would keep the
  script's default, or hand out the word. Lists and dictionaries are never empty text: `[]`, `{}`.
"""

from __future__ import annotations

import ast
import json
import math
import re
from typing import Literal

from experiments.rules.recorded_types import Kind, Recorded, read_type
from experiments.rules.sdk_casting import connected_structure, depth, is_mirrored, sdk_value
from experiments.rules.values import parse_number

__all__ = ["Kind", "Recorded", "infer_type", "input_kind", "read_type", "sdk_value",
           "type_error", "typed_value"]  # fmt: skip

InputKind = Literal["number", "choice", "text", "lines"]

_INTEGER = re.compile(r"[+-]?\d+(?:_\d+)*", re.ASCII)
_MAX_DIGITS = 4300  # what Python's int() reads
_NAN = {"nan", "+nan", "-nan"}
_BOOLEANS = {"true": True, "false": False}
_INFINITE = {"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}
_LONG = 80
_MAX_DEPTH = 100

_EXPECTED = {
    Kind.INTEGER: ("is a whole number, such as 3", "is not one"),
    Kind.NUMBER: ("is a number, such as 0.5, 1e-4, inf or nan", "is not one"),
    Kind.BOOLEAN: ("is True or False", "is neither"),
    Kind.NOTHING: ("is None: leave it empty, or give it another type", "is a value"),
    Kind.JSON: ('is JSON, such as {"a": 1} or []', "is not"),
}
_OF_ITEMS = {
    Kind.INTEGER: ("whole numbers", "1, 2"),
    Kind.NUMBER: ("numbers", "0.5, 2.0"),
    Kind.BOOLEAN: ("true or false", "true, false"),
    Kind.TEXT: ("texts in quotes", '"a", "b"'),
    Kind.LIST: ("lists", "[1, 2], [3]"),
    Kind.DICTIONARY: ("dictionaries", '{"a": 1}'),
}


def type_error(
    text: str, type_: str | None, *, before: str | None = None, description: str | None = None
) -> str | None:
    """What is wrong with `text` as a value of `type_`, as the end of a sentence; or None.

    `before` is the value it replaces: argparse records a list under the type of its items, so
    that `[16, 8]` of type int may become another list only. `description` can list choices.
    """
    recorded = read_type(type_, description)
    match recorded.kind:
        case Kind.TEXT | Kind.OTHER:
            return None
        case Kind.LIST | Kind.DICTIONARY:
            as_tuple = (type_ or "").startswith("tuple")
            return _structure_error(text, type_ or "", recorded, as_tuple=as_tuple)
        case Kind.CHOICE:
            return _choice_error(text, type_ or "", recorded)
        case Kind.INTEGER | Kind.NUMBER if text and _lists(before):
            return _list_of_argparse_error(text, type_ or "", recorded.kind, before or "")
    if text == "" and recorded.kind is not Kind.JSON:
        return None
    if recorded.kind in {Kind.INTEGER, Kind.NUMBER} and before == "" and text[:1] == "[":
        return _list_of_argparse_error(text, type_ or "", recorded.kind, "[")
    if _fits(text, recorded.kind):
        return None
    expected, is_not = _EXPECTED[recorded.kind]
    hint = "; leave it empty for None" if text.strip() in {"None", "null"} else ""
    return f"{expected} (type {type_}); {_shown(text)} {is_not}{hint}"


def typed_value(text: str | None, type_: str | None, description: str | None = None) -> object:
    """The value a text stands for; the text itself where it does not fit its type."""
    if text is None or (text == "" and read_type(type_, description).kind is not Kind.TEXT):
        return None if not type_ or text is None or _is_plain(type_, description) else text
    match read_type(type_, description).kind:
        case Kind.INTEGER if _fits(text, Kind.INTEGER):
            return int(text)
        case Kind.NUMBER if _fits(text, Kind.NUMBER):
            return float(text)
        case Kind.BOOLEAN if _fits(text, Kind.BOOLEAN):
            return _BOOLEANS[text.lower()]
        case Kind.LIST | Kind.DICTIONARY | Kind.JSON | Kind.INTEGER | Kind.NUMBER:
            found = _literal(text)
            return found if isinstance(found, list | dict) else text
    return text


def input_kind(
    type_: str | None, text: str | None = "", description: str | None = None
) -> InputKind:
    """The field for a value: one line where that is enough, a choice where there is one."""
    kind = read_type(type_, description).kind
    text = text or ""
    if kind in {Kind.BOOLEAN, Kind.CHOICE}:
        return "choice"
    if kind in {Kind.INTEGER, Kind.NUMBER} and not _lists(text):
        return "number"
    return "lines" if "\n" in text or len(text) > _LONG else "text"


def infer_type(text: str) -> str:
    """The type of a parameter that a person adds without saying one, named as the SDK does."""
    if _INTEGER.fullmatch(text) and len(text) <= _MAX_DIGITS and "_" not in text:
        # An identifier like 007 would lose its zeros.
        return "str" if re.match(r"[+-]?0\d", text) else "int"
    if _fits(text, Kind.NUMBER) and text.lower() not in _NAN | _INFINITE:
        return "float"
    if text in {"True", "False", "true", "false"}:
        return "bool"
    found = _literal(text) if text[:1] in {"[", "{", "("} else None
    if not isinstance(found, list | dict):
        return "str"
    outer = "dict" if isinstance(found, dict) else "tuple" if text[:1] == "(" else "list"
    kinds = {type(value).__name__ for value in _values(found)}
    named = kinds.pop() if len(kinds) == 1 else ""
    type_ = f"{outer}/{named}" if named and named != "NoneType" else outer
    return type_ if type_error(text, type_) is None else "str"


def _fits(text: str, kind: Kind) -> bool:
    match kind:
        case Kind.INTEGER:
            return _INTEGER.fullmatch(text) is not None and len(text) <= _MAX_DIGITS
        case Kind.NUMBER:
            return text.lower() in _NAN or _is_exact(text)
        case Kind.BOOLEAN:
            return text.lower() in _BOOLEANS
        case Kind.JSON:
            return text[:1] in {"[", "{"} and _json(text) is not None
    return False


def _is_exact(text: str) -> bool:
    """A number that a float can hold: `1e999` would become inf, and `1e-400` zero."""
    number = parse_number(text)
    if number is None:
        return False
    if math.isinf(number):
        return text.lower() in _INFINITE
    return number != 0 or re.search(r"[1-9]", re.split("[eE]", text)[0]) is None


def _choice_error(text: str, type_: str, recorded: Recorded) -> str | None:
    if text == "" or text in recorded.choices:
        return None
    some = ", ".join(recorded.choices[:20]) + (", …" if len(recorded.choices) > 20 else "")
    return f"is one of {some} (type {type_[:60]}); {_shown(text)} is not"


def _structure_error(text: str, type_: str, recorded: Recorded, *, as_tuple: bool) -> str | None:
    found = _literal(text)
    wanted = list if recorded.kind is Kind.LIST else dict
    expected = _expected_structure(recorded)
    if not isinstance(found, wanted):
        return f"{expected} (type {type_}); {_shown(text)} is not"
    for value in _values(found) if recorded.items else ():
        if not _is_of(value, recorded.items):
            return f"{expected} (type {type_}); {_shown(repr(value))} in it is not"
    return _misread(text, type_, found, as_tuple=as_tuple)


def _misread(text: str, type_: str, found: object, *, as_tuple: bool) -> str | None:
    """Refuses a list that reads well but becomes another value in the script."""
    if not is_mirrored(text):
        return None if _json(text) is not None else f"is too long or deep for type {type_}"
    outer = "dict" if isinstance(found, dict) else "list"
    connected = connected_structure(text, as_tuple=as_tuple)
    if _same(sdk_value(text, outer), found) and _same(connected, found):
        return None
    better = json.dumps(found, ensure_ascii=False)
    if better != text and type_error(better, type_) is None:
        return f"would reach the script as another value; write {_shown(better)}"
    return f"would reach the script as another value (type {type_}); {_shown(text)} holds some"


def _list_of_argparse_error(text: str, type_: str, items: Kind, before: str) -> str | None:
    recorded = Recorded(Kind.LIST, items)
    if text[:1] == before[:1]:
        return _structure_error(text, type_, recorded, as_tuple=text[:1] == "(")
    return f"{_expected_structure(recorded)} (type {type_}); {_shown(text)} is not"


def _expected_structure(recorded: Recorded) -> str:
    of, example = _OF_ITEMS.get(recorded.items, ("", "1, 2")) if recorded.items else ("", "1, 2")
    if recorded.kind is Kind.LIST:
        return f"is a list{' of ' + of if of else ''}, such as [{example}]"
    first = example.partition(", ")[0]
    return f"is a dictionary{' of ' + of if of else ''}, such as " + f'{{"a": {first}}}'


def _is_of(value: object, kind: Kind | None) -> bool:
    match kind:
        case Kind.INTEGER:
            return type(value) is int
        case Kind.NUMBER:
            return type(value) in {int, float}
        case Kind.BOOLEAN:
            return type(value) is bool
        case Kind.TEXT:
            return type(value) is str
        case Kind.LIST:
            return type(value) is list
        case Kind.DICTIONARY:
            return type(value) is dict
    return True


def _same(one: object, other: object) -> bool:
    """Equal with their types: 1, 1.0 and True differ."""
    return type(one) is type(other) and repr(one) == repr(other)


def _literal(text: str) -> object:
    """A list or dictionary in JSON's or Python's notation; tuples become lists."""
    if depth(text) > _MAX_DEPTH:
        return None
    found = _json(text)
    if found is not None or text.lstrip()[:1] not in {"[", "{", "("} or not is_mirrored(text):
        return found
    try:
        return _listed(ast.literal_eval(text.strip()))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _listed(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value


def _values(found: list[object] | dict[str, object]) -> list[object]:
    return list(found.values()) if isinstance(found, dict) else found


def _lists(text: str | None) -> bool:
    return (text or "")[:1] in {"[", "("}


def _is_plain(type_: str, description: str | None) -> bool:
    """Of which "" means None."""
    return read_type(type_, description).kind in {
        Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.NOTHING
    }  # fmt: skip


def _shown(text: str) -> str:
    return repr(text[:40]) if len(text) <= 40 else repr(text[:40] + "…")
