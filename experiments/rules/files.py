"""Uploaded files: what their paths may be, which experiment they name, and what they are.

A path is a name that scripts choose. It is compared and shown; nothing on a disk is called so.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote

from experiments.errors import InvalidField
from experiments.rules.names import check_text

# As it stands in an address, which the server reads up to 8,190 bytes of.
LONGEST_PATH = 8000
HEAD_BYTES = 16
UNKNOWN_TYPE = "application/octet-stream"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SLASHES = re.compile(r"/+")
_TASK = re.compile(r"(?:^|/)(?:[^/]*\.)?([0-9a-f]{32})/(?:artifacts|metrics|models|plots)/")
_UNSAFE = re.compile(r"[^\w .,()+=@-]+")
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
# Without the machine's own table, which differs from machine to machine.
_BY_NAME = mimetypes.MimeTypes()
_IMAGES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
)
IMAGE_TYPES = frozenset(name for name, _ in _IMAGES)


class Span(NamedTuple):
    """A part of a file: from `start`, so many bytes."""

    start: int
    length: int


def check_path(text: str) -> str:
    """The path in its one spelling: NFC, without empty steps. Raises InvalidField."""
    path = one_spelling(check_text(text, "path"))
    if not path:
        raise InvalidField("path must not be empty", field="path")
    if _CONTROL.search(path):
        raise InvalidField("path contains a control character", field="path")
    if {".", ".."} & set(re.split(r"[/\\]", path)):
        raise InvalidField("path must not have . or .. as a step", field="path")
    if len(quote(path)) > LONGEST_PATH:
        raise InvalidField(
            f"path is longer than {LONGEST_PATH} bytes as part of an address", field="path"
        )
    return path


def one_spelling(path: str) -> str:
    return _SLASHES.sub("/", unicodedata.normalize("NFC", path)).strip("/")


def task_named_in(path: str) -> str | None:
    """The id in `<project>/<name>.<id>/artifacts/...`, which is how the SDK names its files."""
    found = _TASK.search(path)
    return found[1] if found else None


def address_of(path: str, owner: str = "") -> str:
    """What finds a file: of an experiment by its path, else by its owner and path."""
    return hashlib.sha256(f"{owner}\0{path}".encode()).hexdigest()


def type_of(path: str, head: bytes) -> str:
    """What a file is: an image if its first bytes say so, else what its name says."""
    for name, magic in _IMAGES:
        if magic.match(head):
            return name
    guess, packed = _BY_NAME.guess_type(path.rpartition("/")[2], strict=False)
    if packed:
        return f"application/{packed}"
    return UNKNOWN_TYPE if guess is None or guess in IMAGE_TYPES else guess


def served_type(content_type: str) -> str:
    """What a browser is told: nothing that it could run."""
    return content_type if content_type in IMAGE_TYPES else UNKNOWN_TYPE


def download_name(path: str) -> str:
    """A name under which a file is safe to keep on any system."""
    last = re.split(r"[/\\]", path)[-1]
    name = _UNSAFE.sub("_", last).strip(" .")[-150:].lstrip(" .")
    return name or "file"


def read_range(header: str, size: int) -> Span | None:
    """The part asked for, or None for the whole. Raises ValueError where there is no such part.

    More than one part at once, or what cannot be read, is answered with the whole.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        start = size - length
    else:
        start = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return None
        length = last - start + 1
    if length <= 0 or start >= size:
        raise ValueError("there is no such part")
    return Span(start, length)
