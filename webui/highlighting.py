"""Text of code as lines of coloured pieces: Pygments reads it, the stylesheet has the colours."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html_join
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from webui.configuration.marks import shown


def coloured_lines(text: str, language: str) -> list[str]:
    """The lines as escaped markup, each without its end."""
    return [
        format_html_join("", '<span class="{}">{}</span>', line)
        for line in _token_lines(text, language)
    ]


def _token_lines(text: str, language: str) -> Iterator[list[tuple[str, str]]]:
    lexer = get_lexer_by_name(language, stripnl=False, stripall=False, ensurenl=False)
    line: list[tuple[str, str]] = []
    # The tokens come unprocessed: get_tokens() would turn CR LF into LF.
    for _, token, piece in lexer.get_tokens_unprocessed(text):
        css = _css_class(token)
        first, *others = piece.split("\n")
        if first:
            line.append((css, shown(first)))
        for other in others:
            yield line
            line = [(css, shown(other))] if other else []
    if line:
        yield line


def _css_class(token: _TokenType) -> str:
    while token not in STANDARD_TYPES:
        token = token.parent
    return STANDARD_TYPES[token]
