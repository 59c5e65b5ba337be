"""Console reports as a page shows them: times, levels and coloured lines; no markup here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from experiments.rules.ansi import Line, Segment, lines_of
from experiments.rules.logs import Line as Report

MOST_OF_A_REPORT = 20_000  # characters; the download has the rest
HIT = "hit"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = {
    "warning": "warning", "warn": "warning", "error": "error", "critical": "error",
    "fatal": "error",
}  # fmt: skip


class ShownReport(NamedTuple):
    """`day` is set where another day begins; `kind` is a CSS class for what is no plain output."""

    day: str
    time: str
    iso: str
    level: str
    kind: str
    worker: str
    lines: list[Line]
    left_out: str


def shown_reports(reports: list[Report], *, search: str = "", day: str = "") -> list[ShownReport]:
    """`day` is that of the report before the first; with `search` only the lines that hold it."""
    shown = []
    for report in reports:
        moment = _moment(report.timestamp)
        today = day_of(report.timestamp)
        lines = lines_of(report.message[:MOST_OF_A_REPORT])
        if search:
            lines = [_with_hits(line, search) for line in lines if _holds(line, search)]
        left_out = len(report.message) - MOST_OF_A_REPORT
        shown.append(
            ShownReport(
                day="" if today == day else today,
                time=f"{moment:%H:%M:%S}",
                iso=moment.isoformat(timespec="milliseconds"),
                level=(report.level or "")[:20],
                kind=_KINDS.get((report.level or "").lower(), ""),
                worker=report.worker or "",
                lines=lines,
                left_out=f"{left_out:,}" if left_out > 0 else "",
            )
        )
        day = today
    return shown


def day_of(microseconds: int) -> str:
    moment = _moment(microseconds)
    return f"{moment.day} {moment:%B %Y}"


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _holds(line: Line, search: str) -> bool:
    return search.casefold() in "".join(part for _, part in line).casefold()


def _with_hits(line: Line, search: str) -> Line:
    """The line cut anew, so that each hit is of segments with the class `hit`."""
    text = "".join(part for _, part in line)
    hits = [match.span() for match in re.finditer(re.escape(search), text, re.IGNORECASE)]
    return list(_cut(line, hits))


def _cut(line: Line, hits: list[tuple[int, int]]) -> Iterator[Segment]:
    start = 0
    for classes, part in line:
        end = start + len(part)
        place = start
        for first, last in hits:
            first, last = max(first, place), min(last, end)  # noqa: PLW2901
            if first < last:
                if place < first:
                    yield Segment(classes, part[place - start : first - start])
                yield Segment(f"{classes} {HIT}".strip(), part[first - start : last - start])
                place = last
        if place < end:
            yield Segment(classes, part[place - start :])
        start = end
