"""What the address says about one configuration object: which, how it is shown, and from where."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from experiments.models import Task

Path = tuple[str | int, ...]

_MOST_DIGITS = 9
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class ObjectView:
    """`first` to `last` are the chosen lines, 0 for none; `start` is where the text begins.

    `path` None stands for an address that names no place in a tree.
    """

    object: str = ""
    first: int = 0
    last: int = 0
    start: int = 0
    tree: bool = False
    wraps: bool = False
    path: Path | None = ()

    @classmethod
    def of(cls, query: QueryDict) -> ObjectView:
        first, _, last = query.get("line", "").partition("-")
        return cls(
            object=query.get("object", ""),
            first=_number(first),
            last=max(_number(first), _number(last)),
            start=_number(query.get("from", "")),
            tree=query.get("as") == "tree",
            wraps=query.get("wrap") == "1",
            path=_path(query.get("path", "[]")),
        )

    def query(self) -> str:
        """The same as an address."""
        line = f"{self.first}-{self.last}" if self.last > self.first else str(self.first or "")
        known = {
            "object": self.object,
            "as": "tree" if self.tree else "",
            "line": line,
            "from": str(self.start or ""),
            "wrap": "1" if self.wraps else "",
            "path": path_json(self.path) if self.path else "",
        }
        return urlencode({name: value for name, value in known.items() if value})


def path_json(path: Path) -> str:
    return json.dumps(path, ensure_ascii=False, separators=(",", ":"))


def object_address(task: Task, view: ObjectView, anchor: str = "") -> str:
    """Where the page shows an object opened."""
    address = reverse("experiment-configuration", args=[task.uid])
    return f"{address}?{view.query()}" + (f"#{anchor}" if anchor else "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _path(text: str) -> Path | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or len(found) > _DEEPEST:
        return None
    steps = [step for step in found if isinstance(step, str) or type(step) is int]
    return tuple(steps) if len(steps) == len(found) else None
