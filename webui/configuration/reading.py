"""How somebody reads the configuration: what its address says besides the experiment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict

from experiments.rules.document import split_key

_MOST_DIGITS = 9


class View(StrEnum):
    TREE = "tree"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Reading:
    """`view` is None where the names decide. `section` with `name` or `start`, and `object` with
    `line` (the first of some), are what the page is opened at."""

    search: str = ""
    view: View | None = None
    selects: bool = False
    section: str = ""
    name: str = ""
    start: int = 0
    until: int | None = None
    object: str = ""
    line: int = 0

    @classmethod
    def of(cls, query: QueryDict) -> Reading:
        view = query.get("view", "")
        section, name = query.get("section", ""), ""
        if key := query.get("key", ""):
            section, name = split_key(key)
        return cls(
            search=query.get("q", "").strip(),
            view=View(view) if view in set(View) else None,
            selects=query.get("select") == "1",
            section=section,
            name=name,
            start=_number(query.get("start", "")),
            until=_number(query["until"]) if "until" in query else None,
            object=query.get("object", ""),
            line=_number(query.get("line", "").partition("-")[0]),
        )

    def query(self, **changes: str | bool | View | None) -> str:
        """The address of the same reading with something changed; what it is opened at is left."""
        changed = replace(self, **changes)
        kept = {
            "q": changed.search,
            "view": changed.view or "",
            "select": "1" if changed.selects else "",
        }
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def reading_at(address: str | None) -> Reading:
    """How the page at an address is read, for a part of it that is drawn again."""
    try:
        query = urlsplit(address or "").query
    except ValueError:
        return Reading()
    found = Reading.of(QueryDict(query))
    return Reading(search=found.search, view=found.view)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
