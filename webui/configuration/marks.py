"""Texts with the places marked where a search found something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import format_html_join

Part = tuple[str, str]  # what precedes a hit, and the hit


def found_in(text: str | None, search: str) -> bool:
    return text is not None and search.casefold() in text.casefold()


def marked(text: str, search: str) -> str:
    """`text` with every hit in a <mark>; both escaped."""
    if not search:
        return text
    return format_html_join("", "{}{}", _pieces(text, search))


def _pieces(text: str, search: str) -> Iterator[tuple[str, str]]:
    start = 0
    for match in re.finditer(re.escape(search), text, re.IGNORECASE):
        yield text[start : match.start()], format_html_join("", "<mark>{}</mark>", [(match[0],)])
        start = match.end()
    yield text[start:], ""
