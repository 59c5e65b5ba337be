"""Parameters as text for other places: JSON, YAML, a command line, `.env`, Python, an SDK call.

Values have the types they are recorded with; secrets are masked unless asked otherwise. What a
format cannot carry (inf and nan in JSON, for example) is written as text.
"""

from __future__ import annotations

import json
import math
import pprint
import re
import shlex
from collections import Counter
from collections.abc import Callable, Collection
from enum import StrEnum

import yaml

from experiments.rules.command_lines import command_line
from experiments.rules.document import PROPERTIES, Document, Item, flatten
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.types import typed_value

Value = dict[str, "Value"] | object
_MAX_DEPTH = 30  # of slashes that nest; writers of nested values recurse
_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+$")
_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")
_NOT_IN_A_VARIABLE = re.compile(r"[^A-Za-z0-9_]")


class Copy(StrEnum):
    JSON = "json"
    YAML = "yaml"
    COMMAND_LINE = "command-line"
    ENV = "env"
    PYTHON = "python"
    SDK_CALL = "sdk-call"


LABELS = {
    Copy.JSON: "JSON", Copy.YAML: "YAML", Copy.COMMAND_LINE: "Command line", Copy.ENV: ".env",
    Copy.PYTHON: "Python dict", Copy.SDK_CALL: "SDK call",
}  # fmt: skip


def copy_text(document: Document, how: Copy, *, bare: bool = False, reveal: bool = False) -> str:
    """The parameters as text. `bare` leaves out the level of sections, when there is one only."""
    shown = document if reveal else masked(document)
    return _WRITERS[how](shown, bare and len(shown) == 1)


def selected(
    document: Document,
    *,
    sections: Collection[str] | None = None,
    keys: Collection[tuple[str, str]] | None = None,
) -> Document:
    """The part of a document in some sections, or of some parameters; order as it was."""
    found: Document = {}
    for section, name, item in flatten(document):
        if (sections is None or section in sections) and (keys is None or (section, name) in keys):
            found.setdefault(section, {})[name] = item
    return found


def masked(document: Document) -> Document:
    return {
        section: {
            # As text: a mask is no number, and no list.
            name: Item(MASK, "str") if is_secret(f"{section}/{name}", item.value or "") else item
            for name, item in items.items()
        }
        for section, items in document.items()
    }


def nested(items: dict[str, Item]) -> dict[str, Value]:
    """Typed values, nested by the slashes in their names; where `a` and `a/b` both are values,
    `a/b` stays one name."""
    tree: dict[str, Value] = {}
    # Names with fewer parts first, so that a value is in its place before what would nest in it.
    for name in sorted(items, key=lambda each: each.count("/")):
        _place(tree, name, _value(items[name]))
    return _in_order(tree, list(items))


def _place(tree: dict[str, Value], name: str, value: Value, depth: int = 0) -> None:
    head, _, rest = name.partition("/")
    nests = head and rest and depth < _MAX_DEPTH
    level = tree.setdefault(head, _Level()) if nests else None
    if isinstance(level, _Level):
        _place(level, rest, value, depth + 1)
    else:
        tree[name] = value


class _Level(dict[str, Value]):
    """A level made by slashes; a plain dict is a value."""


def _in_order(tree: dict[str, Value], names: list[str]) -> dict[str, Value]:
    """Plain dictionaries in the order of the names."""
    rank: dict[str, int] = {}
    for position, name in enumerate(names):
        rank.setdefault(name.partition("/")[0], position)
        rank.setdefault(name, position)
    found: dict[str, Value] = {}
    for key in sorted(tree, key=lambda each: rank.get(each, len(names))):
        value = tree[key]
        if isinstance(value, _Level):
            below = [name[len(key) + 1 :] for name in names if name.startswith(key + "/")]
            value = _in_order(value, below)
        found[key] = value
    return found


def _value(item: Item) -> Value:
    return typed_value(item.value, item.type)


def _tree(document: Document, bare: bool) -> dict[str, Value]:
    found = {section: nested(items) for section, items in document.items()}
    return next(iter(found.values())) if bare else dict(found)


def finite(value: Value) -> Value:
    """Floats that neither JSON nor a Python literal knows become the text they are shown as."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list) else value


def _json(document: Document, bare: bool) -> str:
    tree = finite(_tree(document, bare))
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


class _Dumper(yaml.SafeDumper):
    """Quotes texts like `1e-5`, which most other readers of YAML take for numbers."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """In single quotes, line ends other than LF would be read as one."""
    style = '"' if _LINE_ENDS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_implicit_resolver("tag:tuneboard,2026:float", _FLOAT, list("-+0123456789"))


def _yaml(document: Document, bare: bool) -> str:
    return yaml.dump(
        _tree(document, bare), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def _python(document: Document, bare: bool) -> str:
    return pprint.pformat(finite(_tree(document, bare)), width=88, sort_dicts=False) + "\n"


def _sdk_call(document: Document, bare: bool) -> str:
    """`update_parameters`, since `set_parameters` would remove all others."""
    parameters = {
        f"{section}/{name}": finite(_value(item))
        for section, name, item in flatten(document)
        if section != PROPERTIES
    }
    properties = {name: finite(_value(item)) for name, item in document.get(PROPERTIES, {}).items()}
    lines = ["from clearml import Task", "", 'task = Task.get_task(task_id="...")']
    if parameters:
        lines.append(f"task.update_parameters({_formatted(parameters)})")
    if properties:
        lines.append(f"task.set_user_properties(**{_formatted(properties)})")
    return "\n".join(lines) + "\n"


def _formatted(values: dict[str, Value]) -> str:
    inner = "".join(f"    {key!r}: {value!r},\n" for key, value in values.items())
    return f"{{\n{inner}}}"


def _env(document: Document, bare: bool) -> str:
    lines: list[str] = []
    taken: set[str] = set()
    named = Counter(name for _, name, _ in flatten(document))
    for section, name, item in flatten(document):
        variable = _variable(name)
        if variable in taken:
            variable = _variable(f"{section}_{name}")
        while variable in taken:
            variable += "_"
        taken.add(variable)
        if variable != name or named[name] > 1:
            # As JSON, so that a name of several lines stays a comment.
            lines.append(f"# {json.dumps(f'{section}/{name}', ensure_ascii=False)}")
        lines.append(f"{variable}={shlex.quote(item.value or '')}")
    return "".join(f"{line}\n" for line in lines)


def _variable(name: str) -> str:
    variable = _NOT_IN_A_VARIABLE.sub("_", name) or "_"
    return f"_{variable}" if variable[0].isdigit() else variable


def _command_line(document: Document, bare: bool) -> str:
    return command_line(document) + "\n"


_WRITERS: dict[Copy, Callable[[Document, bool], str]] = {
    Copy.JSON: _json,
    Copy.YAML: _yaml,
    Copy.COMMAND_LINE: _command_line,
    Copy.ENV: _env,
    Copy.PYTHON: _python,
    Copy.SDK_CALL: _sdk_call,
}
