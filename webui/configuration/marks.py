"""Texts as a page shows them: nothing in them is invisible, and what a search found is marked.

A character that would not be seen, or that would turn the text around it, stays in the page as
it is, so that what is copied is exact; a box of its own keeps it from doing anything, and the
stylesheet draws `data-char` in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join

# Controls but tab and line feed, marks of direction, and what has no width. The two joiners are
# letters' business between letters that are not ASCII, and emoji's.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b"
    r"\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


def found_in(text: str | None, search: str) -> bool:
    return text is not None and _pattern(search).search(text) is not None


def hits_in(text: str | None, search: str, section: str = "") -> int:
    """How many marks `marked` makes."""
    if not text or not search:
        return 0
    if "/" not in search or not section:
        return len(_pattern(search).findall(text))
    return sum(1 for _ in _spans(text, search, section))


def first_hit(text: str, search: str) -> int | None:
    found = _pattern(search).search(text) if search else None
    return found.start() if found else None


def marked(text: str, search: str, section: str = "") -> str:
    """`text` with every hit in a <mark>, and nothing unseen; escaped, or plain for escaping.

    A hit in `section/text` may begin in the section, and is marked where the text begins.
    """
    if not search:
        return shown(text)
    pieces = list(_pieces(text, search, section))
    return format_html_join("", "{}{}", pieces) if len(pieces) > 1 else shown(text)


def shown(text: str) -> str:
    """`text` with characters drawn that would not be seen; plain where there are none."""
    if not _UNSEEN.search(text):
        return text
    return format_html_join("", "{}{}", _drawn(text))


def _pieces(text: str, search: str, section: str) -> Iterator[tuple[str, str]]:
    done = 0
    for start, end in _spans(text, search, section):
        yield shown(text[done:start]), format_html("<mark>{}</mark>", shown(text[start:end]))
        done = end
    yield shown(text[done:]), ""


def _spans(text: str, search: str, section: str) -> Iterator[tuple[int, int]]:
    before = f"{section}/" if section else ""
    for match in _pattern(search).finditer(before + text):
        if match.end() > len(before):
            yield max(0, match.start() - len(before)), match.end() - len(before)


def _drawn(text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for match in _UNSEEN.finditer(text):
        yield text[start : match.start()], _box(match[0])
        start = match.end()
    yield text[start:], ""


@lru_cache(maxsize=200)
def _box(character: str) -> str:
    code = ord(character)
    width, letter = (2, "x") if code <= 0xFF else (4, "u") if code <= 0xFFFF else (8, "U")
    drawn = f"\\{letter}{code:0{width}x}"
    name = f"U+{code:04X} {unicodedata.name(character, 'control character')}"
    if character == "\r":
        # Written out, it would reach the page as a line feed.
        return format_html('<span class="char" data-char="{}" title="{}">&#13;</span>', drawn, name)
    return format_html(
        '<span class="char" data-char="{}" title="{}">{}</span>', drawn, name, character
    )


@lru_cache(maxsize=50)
def _pattern(search: str) -> re.Pattern[str]:
    return re.compile(re.escape(search), re.IGNORECASE)
