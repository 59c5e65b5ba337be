"""Configuration objects as the page shows them: highlighted, with line numbers, or by hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html_join
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from experiments.models import ConfigurationObject
from experiments.rules.formats.detection import Format, detect
from webui.configuration.marks import found_in, marked

AT_ONCE = 20_000
HIGHLIGHTED = 300_000
SHOWN = 500_000
HITS = 30

# HOCON is JSON with less punctuation, so the same reading colours it.
LEXERS = {
    Format.HOCON: "json",
    Format.JSON: "json",
    Format.YAML: "yaml",
    Format.TOML: "toml",
    Format.INI: "ini",
    Format.XML: "xml",
    Format.PYTHON: "python",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is escaped markup; `number` is text for the template's sake."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class ObjectPanel:
    """`loaded` is False for a big one, whose text is fetched when it is opened."""

    name: str
    title: str
    anchor: str
    description: str
    format: str
    size: str
    line_count: str
    loaded: bool
    empty: bool
    lines: list[Line]
    hits: list[Line]
    more_hits: str
    cut: bool


def object_panel(
    found: ConfigurationObject, anchor: str, search: str = "", *, load: bool = False
) -> ObjectPanel | None:
    """The panel of an object; None when it does not contain what is searched for."""
    text = found.value
    hits, more = _hits(text, search) if search else ([], 0)
    if search and not hits and not found_in(found.name, search):
        return None
    loaded = not hits and (load or len(text) <= AT_ONCE)
    shape = detect(text, found.type, found.name)
    return ObjectPanel(
        name=found.name,
        title=marked(found.name, search),
        anchor=anchor,
        description=found.description or "",
        format=shape,
        size=_size(len(text.encode())),
        line_count=f"{_count_lines(text):,}",
        loaded=loaded,
        empty=not text,
        lines=_highlighted(text[:SHOWN], shape) if loaded else [],
        hits=hits,
        more_hits=f"{more:,}" if more > 0 else "",
        cut=len(text) > SHOWN,
    )


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.1f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _count_lines(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n")) if text else 0


def _hits(text: str, search: str) -> tuple[list[Line], int]:
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if found_in(line, search)
    ]
    shown = [Line(str(number), marked(line[:2000], search)) for number, line in lines[:HITS]]
    return shown, len(lines) - HITS


def _highlighted(text: str, shape: Format) -> list[Line]:
    if shape not in LEXERS or len(text) > HIGHLIGHTED:
        return [Line(str(n), line) for n, line in enumerate(_split(text), start=1)]
    lexer = get_lexer_by_name(LEXERS[shape], stripnl=False, stripall=False, ensurenl=False)
    return [
        Line(str(number), format_html_join("", '<span class="{}">{}</span>', tokens))
        for number, tokens in enumerate(_token_lines(lexer, text), start=1)
    ]


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines


def _token_lines(lexer: Lexer, text: str) -> Iterator[list[tuple[str, str]]]:
    line: list[tuple[str, str]] = []
    # The tokens come unprocessed: get_tokens() would turn CR LF into LF.
    for _, token, piece in lexer.get_tokens_unprocessed(text):
        css = _css_class(token)
        first, *others = piece.split("\n")
        if first:
            line.append((css, first))
        for other in others:
            yield line
            line = [(css, other)] if other else []
    if line:
        yield line


def _css_class(token: _TokenType) -> str:
    while token not in STANDARD_TYPES:
        token = token.parent
    return STANDARD_TYPES[token]
