"""What a form saw of a parameter, carried in the page, and what browsers do to the texts in it.

As JSON: a browser rewrites line ends in fields, and what was read must stay exact. `null` stands
for "there was no such parameter", which makes a form one that adds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.crypto import salted_hmac

from experiments.rules.document import Item
from experiments.rules.line_ends import with_line_ends_of

NOTHING = "null"


class Seen(NamedTuple):
    name: str
    item: Item


def seen_text(name: str, item: Item | None) -> str:
    return NOTHING if item is None else json.dumps({"name": name, **item._asdict()})


def read_seen(text: str) -> Seen | None:
    """None also for what no page of ours has sent: it then counts as not seen."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return None
    texts = [found.get(field) for field in Item._fields]
    if not all(text is None or isinstance(text, str) for text in texts):
        return None
    return Seen(found["name"], Item(*texts))


def seal_of(item: Item | None) -> str:
    """Tells an item from any other without telling what it is, a secret's value included."""
    texts = None if item is None else [text or "" for text in item]
    return salted_hmac("tuneboard.seen", json.dumps(texts), algorithm="sha256").hexdigest()[:32]


def seal_of_all(items: Mapping[str, Item]) -> str:
    texts = [[name, *(text or "" for text in item)] for name, item in items.items()]
    return salted_hmac("tuneboard.seen", json.dumps(texts), algorithm="sha256").hexdigest()[:32]


def from_line(before: str | None, typed: str) -> str:
    """What came back from a field of one line, which shows a text without its line ends."""
    before = before or ""
    return before if typed == before.replace("\r", "").replace("\n", "") else typed


def from_lines(before: str | None, typed: str) -> str:
    """What came back from a field of many lines, which sends CR LF for every line end."""
    return with_line_ends_of(before or "", typed)


def kept(before: str | None, typed: str) -> str | None:
    """No text stays no text where nothing was typed; a field cannot tell it from an empty one."""
    return None if before is None and typed == "" else typed
