"""Uncommitted changes, file by file, and whole scripts; long ones come in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from experiments.models import Task
from experiments.rules.diffs import DiffFile, LineKind, diff_files, diff_lines, numbered
from experiments.rules.execution import is_whole_script
from experiments.rules.secret_text import masked
from webui.configuration.marks import shown
from webui.highlighting import coloured_lines
from webui.structures import counted

AT_ONCE = 1_000  # lines on the page before anything is asked for
OF_A_FILE = 400
PIECE = 2_000
MOST_FILES = 300
LONGEST_LINE = 2_000
LOOKED_BACK = 60
COLOURED = 300_000  # characters; reading more of a script's words takes too long

_CLASSES = {
    LineKind.ADDED: "gi",
    LineKind.REMOVED: "gd",
    LineKind.HUNK: "gu",
    LineKind.HEAD: "gh",
    LineKind.SAME: "",
}
_SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Numbers are text, for the template's sake; `text` may be escaped markup."""

    kind: str
    old: str
    new: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of one file; `more` is the address of those that follow, "" at the end."""

    file: int
    start: int
    path: str
    lines: list[ShownLine]
    masked: bool
    more: str
    rest: str
    is_script: bool

    @property
    def count(self) -> str:
        return str(len(self.lines))


@dataclass(frozen=True, slots=True)
class FilePanel:
    """`piece` None: its lines come when they are asked for, from `href`."""

    path: str
    was: str
    change: str
    added: str
    removed: str
    count: str
    anchor: str
    href: str
    piece: Piece | None
    folded: bool


@dataclass(frozen=True, slots=True)
class ChangesPanel:
    is_script: bool
    files: list[FilePanel]
    more_files: str
    size: str
    added: str
    removed: str


class Changes:
    """The text of `script.diff`, taken apart once for everything that is shown of it."""

    def __init__(self, task: Task) -> None:
        self._address = reverse("experiment-execution-changes", args=[task.uid])
        text = task.script.get("diff") or ""
        self.text: str = text if isinstance(text, str) else ""
        self.is_script = is_whole_script(task.script.get("repository"), self.text)
        self._lines = diff_lines(self.text)
        entry = task.script.get("entry_point") or _SCRIPT
        self.files = (
            [DiffFile(str(entry), 0, len(self._lines))]
            if self.is_script
            else diff_files(self._lines)
        )

    def panel(self) -> ChangesPanel | None:
        """The files with as many of their lines as a page takes at once; None of nothing."""
        if not self.text.strip():
            return None
        room = AT_ONCE
        panels = []
        for place, file in enumerate(self.files[:MOST_FILES]):
            limit = min(room, OF_A_FILE if len(self.files) > 1 else AT_ONCE)
            piece = self.piece(place, limit=limit) if limit > 0 else None
            room -= len(piece.lines) if piece else 0
            panels.append(self._file_panel(place, file, piece))
        more = len(self.files) - MOST_FILES
        return ChangesPanel(
            is_script=self.is_script,
            files=panels,
            more_files=f"{more:,}" if more > 0 else "",
            size=counted(len(self._lines), "line"),
            added=f"{sum(file.added for file in self.files):,}",
            removed=f"{sum(file.removed for file in self.files):,}",
        )

    def piece(
        self, place: int, start: int = 0, *, limit: int = PIECE, revealed: bool = False
    ) -> Piece | None:
        """Lines of one file from its line `start` on; None where there are none."""
        if not 0 <= place < len(self.files):
            return None
        file = self.files[place]
        if start >= file.line_count:
            return None
        limit = min(limit, PIECE)
        end = min(start + limit, file.line_count)
        lines, is_masked = self._shown(file, start, limit, revealed)
        rest = file.line_count - end
        return Piece(
            file=place,
            start=start,
            path=file.path,
            lines=lines,
            masked=is_masked,
            more=self._href(place, end) if rest > 0 else "",
            rest=counted(rest, "line") if rest > 0 else "",
            is_script=self.is_script,
        )

    def _shown(
        self, file: DiffFile, start: int, limit: int, revealed: bool
    ) -> tuple[list[ShownLine], bool]:
        # A key of many lines is known by its first: so some lines before are looked at too.
        before = min(start, LOOKED_BACK)
        found = numbered(self._lines, file, start - before, limit + before)
        texts = [line.text[:LONGEST_LINE] for line in found]
        readable = texts if revealed else masked("\n".join(texts)).split("\n")
        is_masked = readable[before:] != texts[before:]
        found = found[before:]
        cut = [
            _cut(text, len(line.text)) for text, line in zip(readable[before:], found, strict=True)
        ]
        if self.is_script:
            return _script_lines(cut, start), is_masked
        return [
            ShownLine(_CLASSES[line.kind], str(line.old or ""), str(line.new or ""), shown(text))
            for line, text in zip(found, cut, strict=True)
        ], is_masked

    def _file_panel(self, place: int, file: DiffFile, piece: Piece | None) -> FilePanel:
        return FilePanel(
            path=file.path or "Beginning",
            was=file.was,
            change=file.change,
            added=f"{file.added:,}" if file.added else "",
            removed=f"{file.removed:,}" if file.removed else "",
            count=counted(file.line_count, "line"),
            anchor=f"file-{place + 1}",
            href=self._href(place, 0),
            piece=piece,
            folded=piece is None,
        )

    def _href(self, place: int, start: int) -> str:
        return f"{self._address}?{urlencode({'file': place, 'from': start})}"


def _script_lines(texts: Sequence[str], start: int) -> list[ShownLine]:
    text = "\n".join(texts)
    if len(text) > COLOURED:
        coloured = [shown(line) for line in texts]
    else:
        coloured = coloured_lines(text, "python")
    # A lexer has no last line where the text ends with a line end.
    coloured += [""] * (len(texts) - len(coloured))
    return [
        ShownLine("", "", str(number), text)
        for number, text in enumerate(coloured, start=start + 1)
    ]


def _cut(text: str, length: int) -> str:
    left_out = length - LONGEST_LINE
    return f"{text} … ({left_out:,} more characters)" if left_out > 0 else text
