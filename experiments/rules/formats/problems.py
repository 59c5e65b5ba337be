"""A fault in a text, where it is, and the one exception of the parsers here."""

from __future__ import annotations

from typing import NamedTuple

Scalar = str | int | float | bool | None
Tree = dict[str, "Tree"] | list["Tree"] | Scalar

MAX_DEPTH = 100


class Problem(NamedTuple):
    """`line` and `column` count from 1."""

    line: int
    column: int
    message: str


class Unreadable(ValueError):
    """Raised by the parsers, turned into a Problem by `tree.read`."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.problem = Problem(line, column, message)
        super().__init__(message)


def unreadable_at(text: str, position: int, message: str) -> Unreadable:
    line_start = text.rfind("\n", 0, position) + 1
    return Unreadable(text.count("\n", 0, position) + 1, position - line_start + 1, message)
