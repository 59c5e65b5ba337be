"""The request id of log lines, and the removal of secrets that stand in addresses."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="-")

# One-time links are secrets until used, and they are part of the path.
_LINK = re.compile(r"/(login|setup)/[^/\s'\"?]+")


@contextmanager
def request_id() -> Iterator[str]:
    name = uuid.uuid4().hex
    token = _current.set(name)
    try:
        yield name
    finally:
        _current.reset(token)


def current_request_id() -> str:
    return _current.get()


def without_links(text: str) -> str:
    return _LINK.sub(r"/\1/***", text)


class LineFormatter(logging.Formatter):
    """One line, the request it belongs to, and no link token even in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = _current.get()
        return without_links(super().format(record))
