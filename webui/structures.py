"""Dictionaries that scripts sent, as labelled facts and long texts; secrets in them are masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from experiments.rules.redaction import MASK, is_secret
from experiments.rules.secret_text import masked

ONE_LINE = 300  # characters; what is longer is a block
MOST_OF_A_BLOCK = 200_000
OPEN_LINES = 40  # a longer block is folded

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+(?=@)")


class Fact(NamedTuple):
    """`iso` makes it a time, `href` a link; `copy` is the text that a button copies."""

    label: str
    text: str
    note: str = ""
    href: str = ""
    iso: str = ""
    copy: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A long text, line by line."""

    title: str
    lines: list[str]
    count: str
    folded: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: str
    anchor: str
    facts: list[Fact]
    blocks: list[Block] = field(default_factory=list)


def fact_group(title: str, facts: Iterator[Fact]) -> FactGroup:
    return FactGroup(title, title.lower(), [fact for fact in facts if fact.text])


def structured(title: str, structure: Mapping[str, Any], labels: Mapping[str, str]) -> FactGroup:
    """The known names in the order of `labels`, then the rest."""
    known = [name for name in labels if name in structure]
    names = [*known, *(name for name in structure if name not in labels)]
    facts, blocks = [], []
    for name, text in chain.from_iterable(_flat(one, structure[one]) for one in names):
        label = labels.get(name, name)
        if not text:
            continue
        shown = masked_text(name, text)
        if is_long(shown):
            blocks.append(block(label, shown))
        else:
            facts.append(Fact(label, shown, href=web_address(shown)))
    return FactGroup(title, title.lower(), facts, blocks)


def is_long(text: str) -> bool:
    return "\n" in text or len(text) > ONE_LINE


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, found in value.items():
            yield from _flat(f"{name}/{inner}", found)
    elif isinstance(value, str):
        yield name, value
    elif value not in (None, []):
        indent = 1 if value and isinstance(value, list) else None
        yield name, json.dumps(value, ensure_ascii=False, indent=indent)


def block(title: str, text: str, *, count: str = "") -> Block:
    lines = text[:MOST_OF_A_BLOCK].split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    left_out = len(text) - MOST_OF_A_BLOCK
    return Block(
        title=title,
        lines=lines,
        count=count or counted(len(lines), "line"),
        folded=len(lines) > OPEN_LINES,
        left_out=f"{left_out:,}" if left_out > 0 else "",
    )


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def web_address(text: str) -> str:
    """Only what a browser opens as a page is a link: never `javascript:` or a file."""
    if not text.startswith(("http://", "https://")) or re.search(r"[\s<>\"•]", text):
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""


def masked_text(name: str, text: str) -> str:
    """The text without the secrets that it is, or that are given or spelled out in it.

    An address is worth reading without its password; another secret is masked as a whole.
    """
    if not is_secret(name, text):
        return masked(text)
    shown = _CREDENTIALS.sub(MASK, text)
    return MASK if shown == text or is_secret("", shown.replace(MASK, "")) else masked(shown)
