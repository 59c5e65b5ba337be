"""Reads request bodies: strictly, for what two readers could understand differently is refused.

The JSON text is scanned by the standard library's parser; a cheap look at the bytes decides
whether the slow walk that names the field at fault is needed.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from experiments.errors import BodyTooLarge, ExperimentError, InvalidBody, InvalidField

MAX_DEPTH = 100
MAX_KEY = 1024
MAX_LINES = 200_000
# Where scripts report numbers that JSON does not have: scalars, and the elements of vectors.
MAY_BE_NAN = frozenset({"value", "values"})
JSON_TYPES = frozenset({"", "application/json"})
LINES_TYPES = JSON_TYPES | {"application/json-lines", "application/jsonlines"}

# A client that is told 413 before it has sent everything sees a broken pipe and retries for
# ever, so the rest is read and thrown away, up to this much.
_DRAINED = 256 * 1024 * 1024
_CHUNK = 256 * 1024
# What any language writes for a double; more digits than that are somebody's exact text.
_LONGEST_FLOAT = 25
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|NaN|Infinity")


def read_body(request: HttpRequest, types: frozenset[str] = JSON_TYPES) -> bytes:
    """The body of any method, GET included. Raises InvalidBody or BodyTooLarge."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise InvalidBody("compressed bodies are not read")
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        raise InvalidBody("send a Content-Length; chunked bodies are not read")
    declared = content_length(request)
    if declared > settings.MAX_BODY:
        raise BodyTooLarge(f"{declared} bytes, at most {settings.MAX_BODY}")
    if declared and (request.content_type or "") not in types:
        raise InvalidBody("its content type must be application/json")
    try:
        raw = request.read()
    except UnreadablePostError:
        raise InvalidBody("it ended early") from None
    if len(raw) < declared:
        raise InvalidBody("it ended early")
    return raw


def drain(request: HttpRequest, seconds: float = math.inf) -> None:
    """Reads what is left of a body, so that the client gets to read the answer."""
    left = min(content_length(request), _DRAINED)
    end = time.monotonic() + seconds
    try:
        while left > 0 and time.monotonic() < end and (chunk := request.read(_CHUNK)):
            left -= len(chunk)
    except (UnreadablePostError, OSError):
        return


def content_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def parse_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`; no bytes at all are an empty one."""
    if not raw.strip():
        return {}
    try:
        value = _DECODER.decode(raw.decode())
    except UnicodeDecodeError:
        raise InvalidBody("it is not UTF-8") from None
    except RecursionError:
        raise InvalidBody(f"it is nested deeper than {MAX_DEPTH}") from None
    except json.JSONDecodeError as error:
        raise InvalidBody(f"no JSON: {error.msg.lower()} at character {error.pos}") from None
    if not isinstance(value, dict):
        raise InvalidBody("its top level must be an object")
    if _needs_inspection(raw):
        inspect(value)
    return value


def parse_lines(raw: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """JSON lines: the readable ones, and a sentence for each that cannot be read."""
    if raw.count(b"\n") > MAX_LINES:
        raise InvalidBody(f"a batch has at most {MAX_LINES:,} lines")
    objects: list[dict[str, Any]] = []
    unreadable: list[str] = []
    for line in raw.split(b"\n"):
        if not line.strip():
            continue
        try:
            objects.append(parse_object(line))
        except ExperimentError as error:
            unreadable.append(str(error))
    return objects, unreadable


def _needs_inspection(raw: bytes) -> bool:
    return raw.count(b"{") + raw.count(b"[") > MAX_DEPTH or _SUSPICIOUS.search(raw) is not None


def inspect(body: dict[str, Any]) -> None:
    """Refuses what no database can keep, naming the field. Walks without recursion."""
    levels: list[tuple[str, Iterator[tuple[Any, Any]]]] = [("", iter(body.items()))]
    while levels:
        path, entries = levels[-1]
        entry = next(entries, None)
        if entry is None:
            levels.pop()
            continue
        key, value = entry
        at = f"{path}.{key}" if path else str(key)
        _check_text(str(key), at)
        if isinstance(value, str):
            _check_text(value, at)
        elif (
            isinstance(value, float)
            and not math.isfinite(value)
            and not (key in MAY_BE_NAN or path in MAY_BE_NAN)
        ):
            raise InvalidField(f"{printable(at)}: {value} is no value here", field=printable(at))
        elif isinstance(value, dict | list):
            if len(levels) >= MAX_DEPTH:
                raise InvalidBody(f"it is nested deeper than {MAX_DEPTH}")
            inside = value.items() if isinstance(value, dict) else enumerate(value)
            levels.append((at, iter(inside)))


def _check_text(text: str, at: str) -> None:
    if "\x00" in text:
        raise InvalidField(f"{printable(at)} contains a NUL character", field=printable(at))
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidField(
            f"{printable(at)} contains half of a surrogate pair", field=printable(at)
        )


def printable(text: str, most: int = 200) -> str:
    """Text for a message: not too long, and every character of it can be sent and read."""
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return shown.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidBody(f"the key {printable(twice)} is there twice", field=printable(twice))
    for name in made:
        if len(name) > MAX_KEY:
            raise InvalidBody(f"the key {printable(name)} is longer than {MAX_KEY} characters")
    return made


def _integer(text: str) -> int | str:
    """A number no machine type holds stays text: kept as a value, refused as a number."""
    number = int(text) if len(text) <= len("-9223372036854775808") else 2**63
    return number if -(2**63) <= number < 2**63 else text


def _float(text: str) -> float | str:
    number = float(text) if len(text) <= _LONGEST_FLOAT else math.nan
    return number if math.isfinite(number) else text


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float)
