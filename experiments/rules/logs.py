"""Console lines, packed into compressed blocks. Everything a line was sent with is kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

BLOCK_BYTES = 64 * 1024  # of text; compressed about a tenth of it


class Line(NamedTuple):
    """One report of the console, often several lines of text. `extra`: fields we know not."""

    timestamp: int  # microseconds since 1970
    level: str | None
    worker: str | None
    message: str
    extra: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(list[Line])


def pack(lines: Sequence[Line]) -> bytes:
    return zlib.compress(msgspec.json.encode(lines), 1)


def unpack(block: bytes) -> list[Line]:
    return _decoder.decode(zlib.decompress(block))


def weight(line: Line) -> int:
    """About how many bytes a line adds to its block."""
    return len(line.message) + 64


def fill(lines: Sequence[Line], room: int = 0) -> Iterator[list[Line]]:
    """The lines in portions of BLOCK_BYTES; the first is for a block with `room` bytes left.

    It is empty where the room is too small for the first line. No line is cut.
    """
    portion: list[Line] = []
    left = room
    first = True
    for line in lines:
        if weight(line) > left and (portion or first):
            yield portion
            portion, left, first = [], BLOCK_BYTES, False
        portion.append(line)
        left -= weight(line)
    if portion:
        yield portion


def sent_again(stored: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether `lines` end `stored`: then a client repeats them that heard no answer."""
    return bool(lines) and list(stored[-len(lines) :]) == list(lines)
