"""Reads a multipart body as it arrives: part after part, each in pieces, nothing kept.

Stricter than most readers: no text before the first part or between two of them, and a body
without its closing line has been torn off. Django's own reader keeps no more than 1,024 bytes of
a part's head, in which the SDK repeats a whole path twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from experiments.errors import InvalidBody

Read = Callable[[int], bytes]

PIECE = 256 * 1024
LONGEST_HEAD = 64 * 1024
MOST_PARTS = 100
_BOUNDARY = re.compile(r"[ -~]{0,199}[!-~]")
_HEADER = re.compile(rb"(?i)content-disposition:[ \t]*form-data[ \t]*;(.*)")
_NAME = re.compile(rb'(?i)(?:^|;)[ \t]*name="([^"\r\n]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, and its content, to be read before the next part is asked for."""

    name: str
    pieces: Iterator[bytes]


def parts_of(read: Read, boundary: str) -> Iterator[Part]:
    """The parts of the body that `read(size)` gives. Raises InvalidBody."""
    if not _BOUNDARY.fullmatch(boundary):
        raise InvalidBody("its parts are divided by nothing, or by what cannot divide")
    line = b"--" + boundary.encode()
    source = _Source(read)
    if source.take(len(line) + 2) != line + b"\r\n":
        raise InvalidBody("it does not begin with its first part")
    for _ in range(MOST_PARTS):
        name = _name_in(source.until(b"\r\n\r\n", LONGEST_HEAD))
        pieces = source.pieces_until(b"\r\n" + line)
        yield Part(name, pieces)
        for _ in pieces:
            pass  # what was not asked for
        match source.take(2):
            case b"--":
                return
            case b"\r\n":
                continue
        raise InvalidBody("something stands between two of its parts")
    raise InvalidBody(f"it has more than {MOST_PARTS} parts")


def _name_in(head: bytes) -> str:
    for line in head.split(b"\r\n"):
        header = _HEADER.fullmatch(line)
        if header and (found := _NAME.search(header[1])):
            try:
                return found[1].decode()
            except UnicodeDecodeError:
                raise InvalidBody("the name of a part is not UTF-8") from None
    raise InvalidBody("one of its parts has no name")


class _Source:
    """What has arrived and was not taken yet."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._held = b""

    def take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def until(self, mark: bytes, most: int) -> bytes:
        while (at := self._held.find(mark)) < 0 and len(self._held) <= most:
            self._more()
        if not 0 <= at <= most:
            raise InvalidBody(f"the head of a part is longer than {most} bytes")
        taken, self._held = self._held[:at], self._held[at + len(mark) :]
        return taken

    def pieces_until(self, mark: bytes) -> Iterator[bytes]:
        kept = len(mark) - 1  # so much of the mark may have arrived
        while (at := self._held.find(mark)) < 0:
            if len(self._held) > kept:
                piece, self._held = self._held[:-kept], self._held[-kept:]
                yield piece
            self._more()
        piece, self._held = self._held[:at], self._held[at + len(mark) :]
        if piece:
            yield piece

    def _more(self) -> None:
        piece = self._read(PIECE)
        if not piece:
            raise InvalidBody("it ended early")
        self._held += piece
