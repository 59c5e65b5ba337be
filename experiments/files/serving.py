"""Gives a file out: whole or a part of it, and never so that a browser would run it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from experiments.errors import FileNotFound
from experiments.models import StoredFile
from experiments.operations.stored_bytes import path_of
from experiments.rules.files import Span, download_name, read_range, served_type

log = logging.getLogger("tuneboard.files")
PIECE = 256 * 1024


def serve(request: HttpRequest, found: StoredFile) -> HttpResponseBase:
    """The answer to GET and HEAD, conditional and for a part as the client asks."""
    tag = f'"{found.sha256}"'
    if tag in _tags(request.headers.get("If-None-Match", "")):
        return _with_headers(HttpResponse(status=304), found, tag)
    try:
        span = _span(request, found.size, tag)
    except ValueError:
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{found.size}"
        return _with_headers(refusal, found, tag)
    portion = _Portion(_open(found), span or Span(0, found.size))
    if request.method == "HEAD":
        portion.close()
        answer: HttpResponseBase = HttpResponse()
    else:
        answer = StreamingHttpResponse(portion)
    if span:
        answer.status_code = 206
        last = span.start + span.length - 1
        answer["Content-Range"] = f"bytes {span.start}-{last}/{found.size}"
    answer["Content-Length"] = str(portion.span.length)
    return _with_headers(answer, found, tag)


def _span(request: HttpRequest, size: int, tag: str) -> Span | None:
    if request.headers.get("If-Range", tag) != tag:
        return None
    return read_range(request.headers.get("Range", ""), size)


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _open(found: StoredFile) -> BinaryIO:
    try:
        return path_of(found.uid).open("rb")
    except FileNotFoundError:
        # Replaced or deleted a moment ago; or taken out of the data folder by somebody.
        log.warning("the bytes of file %s are not there", found.uid)
        raise FileNotFound("its content is gone") from None


def _with_headers(answer: HttpResponseBase, found: StoredFile, tag: str) -> HttpResponseBase:
    answer["Content-Type"] = served_type(found.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, download_name(found.path))
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = tag
    return answer


class _Portion:
    """A part of an open file, piece by piece; closed by the answer it is in."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        self.span = span
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self.span.start)
        left = self.span.length
        while left > 0 and (piece := self._file.read(min(left, PIECE))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()
