"""How an experiment is run: its code, packages, container and output, fact by fact as text.

A field is named by where it is kept: `script.requirements.pip` is `pip` in `requirements` of
the task's `script`. What else scripts put beside these facts stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from experiments.errors import InvalidField
from experiments.rules.digests import digest
from experiments.rules.names import check_text

Structure = dict[str, Any]

DIFF = "script.diff"
PACKAGES = "script.requirements.pip"
FIELDS = (
    "script.repository",
    "script.branch",
    "script.version_num",
    "script.tag",
    "script.entry_point",
    "script.working_dir",
    "script.binary",
    DIFF,
    PACKAGES,
    "container.image",
    "container.arguments",
    "container.setup_shell_script",
    "output.destination",
)
PARTS = ("script", "container", "output")
OF_MANY_LINES = frozenset({DIFF, PACKAGES, "container.setup_shell_script"})

# What the first line of a diff begins with; without a repository `script.diff` is the script.
_DIFF_BEGINS = ("diff ", "--- ", "+++ ", "Index: ", "index ", "*** ", "@@ ", "From ", "Submodule ")


def part_of(field: str) -> str:
    return field.partition(".")[0]


def read_field(parts: Mapping[str, Structure], field: str) -> str | None:
    """The text of a field in the task's dictionaries; None where nothing is recorded."""
    first, *path = field.split(".")
    found: Any = parts[first]
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return as_text(found)


def with_field(part: Structure, field: str, text: str | None) -> Structure:
    """The dictionary with another text in one place; None takes the place out."""
    _, *before, last = field.split(".")
    changed = dict(part)
    inner = changed
    for name in before:
        found = inner.get(name)
        inner[name] = dict(found) if isinstance(found, dict) else {}
        inner = inner[name]
    if text is None:
        inner.pop(last, None)
    else:
        inner[last] = text
    return changed


def as_text(value: Any) -> str | None:
    """What a script recorded, for people: packages also come as a list of lines."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False)


def version(text: str | None) -> str:
    """What a form carries to say which text it was opened on; absent and empty are the same."""
    return digest(text or "")


def check_field(field: str, text: str) -> str:
    """Raises InvalidField where the text cannot be kept as this field."""
    check_text(text, field)
    if field not in OF_MANY_LINES and ("\n" in text or "\r" in text):
        raise InvalidField("this is one line; there is a line break in it", field=field)
    return text


def is_whole_script(repository: str | None, diff: str | None) -> bool:
    """Whether the diff is not one: of a script outside a repository the SDK sends all there is."""
    begin = (diff or "").lstrip()
    return bool(begin) and not (repository or "").strip() and not begin.startswith(_DIFF_BEGINS)
