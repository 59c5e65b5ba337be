"""A diff as its files and numbered lines. Written for reading: what it cannot follow is context.

The text comes from `git diff`, or another program's; a file is found once, its lines are
numbered when they are shown, so that a diff of ten megabytes costs one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_GIT = re.compile(r'diff --git "?(.+?)"? "?b/(.+?)"?$')


class LineKind(StrEnum):
    HEAD = "head"
    HUNK = "hunk"
    ADDED = "added"
    REMOVED = "removed"
    SAME = "same"


class DiffLine(NamedTuple):
    """`old` and `new` are line numbers, 0 where the line is not in that version."""

    kind: LineKind
    old: int
    new: int
    text: str


@dataclass(slots=True)
class DiffFile:
    """Lines `start` to `end` of the diff; `was` is its former path where it was moved."""

    path: str
    start: int
    end: int
    was: str = ""
    change: str = ""
    added: int = 0
    removed: int = 0

    @property
    def line_count(self) -> int:
        return self.end - self.start


def diff_lines(text: str) -> list[str]:
    """The lines, without the end of the last one and without CR."""
    lines = text.removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in lines] if "\r" in text else lines


def diff_files(lines: Sequence[str]) -> list[DiffFile]:
    """The files of a diff in its order; text before the first is a file without a path."""
    files: list[DiffFile] = []
    old = new = 0  # lines that the hunk at hand still has
    for place, line in enumerate(lines):
        first = line[:1]
        if old > 0 or new > 0:
            if first == "+":
                new -= 1
                files[-1].added += 1
            elif first == "-":
                old -= 1
                files[-1].removed += 1
            elif first != "\\":
                old, new = old - 1, new - 1
            continue
        if first == "@" and files and (found := _HUNK.match(line)):
            old, new = _counts(found)
        elif not files or _begins_file(line, lines, place, files[-1]):
            files.append(DiffFile(_path_of(line), place, place))
        _read_head(line, files[-1])
    for file, following in zip(files, [*files[1:], None], strict=True):
        file.end = following.start if following else len(lines)
    return files


def numbered(lines: Sequence[str], file: DiffFile, start: int, limit: int) -> list[DiffLine]:
    """`limit` lines of one file from its line `start` on."""
    return list(islice(_numbered(lines[file.start : file.end]), start, start + limit))


def _numbered(lines: Sequence[str]) -> Iterator[DiffLine]:
    old = new = old_left = new_left = 0
    for line in lines:
        if old_left > 0 or new_left > 0:
            match line[:1]:
                case "+":
                    yield DiffLine(LineKind.ADDED, 0, new, line)
                    new, new_left = new + 1, new_left - 1
                case "-":
                    yield DiffLine(LineKind.REMOVED, old, 0, line)
                    old, old_left = old + 1, old_left - 1
                case "\\":
                    yield DiffLine(LineKind.HEAD, 0, 0, line)
                case _:
                    yield DiffLine(LineKind.SAME, old, new, line)
                    old, new, old_left, new_left = old + 1, new + 1, old_left - 1, new_left - 1
        elif found := _HUNK.match(line):
            old, new = int(found[1]), int(found[3])
            old_left, new_left = _counts(found)
            yield DiffLine(LineKind.HUNK, 0, 0, line)
        else:
            yield DiffLine(LineKind.HEAD, 0, 0, line)


def _counts(found: re.Match[str]) -> tuple[int, int]:
    """How many lines of the old and of the new file a hunk has; left out, it is one."""
    old, new = found[2], found[4]
    return int(old) if old else 1, int(new) if new else 1


def _begins_file(line: str, lines: Sequence[str], place: int, file: DiffFile) -> bool:
    if line.startswith(("diff --git ", "Index: ")):
        return True
    # A plain diff has no line of its own before the names; git's and Subversion's have.
    named = line.startswith("--- ") and "".join(lines[place + 1 : place + 2]).startswith("+++ ")
    return named and any(_HUNK.match(each) for each in lines[file.start : place])


def _path_of(line: str) -> str:
    if found := _GIT.match(line):
        return found[2]
    return line.removeprefix("Index: ") if line.startswith("Index: ") else ""


def _read_head(line: str, file: DiffFile) -> None:
    """What a line outside of hunks says of its file."""
    if line.startswith(("--- ", "+++ ")):
        _read_names(line, file)
    for begin, change in (("new file", "added"), ("deleted file", "removed")):
        if line.startswith(begin):
            file.change = change
    if line.startswith("rename from "):
        file.change, file.was = "moved", line.removeprefix("rename from ")
    elif line.startswith("Binary files ") or line == "GIT binary patch":
        file.change = file.change or "binary"


def _read_names(line: str, file: DiffFile) -> None:
    """The new name, or the old one of a file that is gone."""
    name = line[4:].partition("\t")[0].strip().strip('"')
    if name == "/dev/null":
        file.change = file.change or ("added" if line.startswith("---") else "removed")
    elif not file.path or line.startswith("+++"):
        file.path = name.removeprefix("a/" if line.startswith("---") else "b/")
