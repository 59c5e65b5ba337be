"""The text of a configuration object in parts of some lines: highlighted, linked, foldable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Error, _TokenType

from experiments.rules.formats.detection import Format
from experiments.rules.formats.folding import folds
from webui.configuration.marks import found_in, marked, shown
from webui.configuration.object_view import ObjectView

LINES = 1_000
CHARACTERS = 200_000
LONGEST = 20_000  # characters of one line that are drawn
COLOURED = 2_000  # characters of a line beyond which a part is left without colours
HITS = 30
_BEFORE = 40  # lines that are shown before one that was asked for

# HOCON has keys, strings and numbers much as TOML has: its reading colours them.
LEXERS = {
    Format.HOCON: "toml",
    Format.JSON: "json",
    Format.YAML: "yaml",
    Format.TOML: "toml",
    Format.INI: "ini",
    Format.XML: "xml",
    Format.PYTHON: "python",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is escaped markup; numbers are text for the template's sake.

    `fold` is the last line that folds away under this one; `cut` says how long the line is.
    """

    number: str
    text: str
    fold: str = ""
    chosen: bool = False
    cut: str = ""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Lines in a row. `earlier` and `more` count what lies before and behind them."""

    lines: list[Line]
    earlier: str = ""
    more: str = ""
    next: str = ""


def lines_of(text: str) -> list[str]:
    """The lines without their LF; one at the end of the text begins no further line."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines


def text_part(text: str, shape: Format, view: ObjectView) -> TextPart:
    """The lines that `view` asks for, as many as are drawn at once."""
    lines = lines_of(text)
    start = min(max(view.start, 1), len(lines)) - 1
    end = _end(lines, start)
    if not view.start and end < view.first <= len(lines):
        start = max(0, view.first - 1 - _BEFORE)
        end = _end(lines, start)
    return TextPart(
        lines=list(_drawn(lines[start:end], start + 1, shape, view)),
        earlier=f"{start:,}" if start else "",
        more=f"{len(lines) - end:,}" if end < len(lines) else "",
        next=str(end + 1),
    )


def hits_in_lines(text: str, search: str) -> tuple[list[Line], int]:
    """The first lines that contain what is searched for, and how many more there are."""
    if not found_in(text, search):
        return [], 0
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if found_in(line, search)
    ]
    drawn = [Line(str(number), marked(line[:LONGEST], search)) for number, line in lines[:HITS]]
    return drawn, len(lines) - len(drawn)


def _end(lines: Sequence[str], start: int) -> int:
    """Where a part ends: after some lines or characters, but never without a line."""
    left = CHARACTERS
    end = start
    for line in lines[start : start + LINES]:
        left -= min(len(line), LONGEST)
        if left < 0 and end > start:
            break
        end += 1
    return end


def _drawn(lines: list[str], first: int, shape: Format, view: ObjectView) -> Iterator[Line]:
    folding = folds(lines, shape)
    drawn = _coloured(lines, shape)
    for place, (line, markup) in enumerate(zip(lines, drawn, strict=True)):
        number = first + place
        yield Line(
            number=str(number),
            text=markup,
            fold=str(first + folding[place]) if place in folding else "",
            chosen=view.first <= number <= view.last,
            cut=f"{len(line):,}" if len(line) > LONGEST else "",
        )


def _coloured(lines: list[str], shape: Format) -> Iterator[str]:
    if shape not in LEXERS or max(map(len, lines), default=0) > COLOURED:
        return (_visible(line[:LONGEST]) for line in lines)
    lexer = get_lexer_by_name(LEXERS[shape], stripnl=False, stripall=False, ensurenl=False)
    # What that reading takes for faults is none.
    faults = "" if shape is Format.HOCON else "err"
    tokens = _token_lines(lexer, "\n".join(lines), faults)
    return (format_html_join("", '<span class="{}">{}</span>', line) for line in tokens)


def _visible(text: str) -> str:
    """A CR at the end belongs to the line end and is not drawn."""
    return shown(text.removesuffix("\r"))


def _token_lines(lexer: Lexer, text: str, faults: str) -> Iterator[list[tuple[str, str]]]:
    line: list[tuple[str, str]] = []
    # The tokens come unprocessed: get_tokens() would turn CR LF into LF.
    for _, token, piece in lexer.get_tokens_unprocessed(text):
        css = faults if token is Error else _css_class(token)
        first, *others = piece.split("\n")
        if first:
            line.append((css, _visible(first)))
        for other in others:
            yield line
            line = [(css, _visible(other))] if other else []
    yield line


def _css_class(token: _TokenType) -> str:
    while token not in STANDARD_TYPES:
        token = token.parent
    return STANDARD_TYPES[token]
