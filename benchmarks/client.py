"""The load client: plain HTTP, a fresh connection for each request, timed to the last byte."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

TIMEOUT = 120


class Unexpected(Exception):
    """The server answered something that is not worth timing."""


class Request(NamedTuple):
    """What to ask: a page by GET, or with a body by POST."""

    path: str
    body: bytes | None = None


class Answer(NamedTuple):
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Client:
    """Asks one server in the name of one person; `headers` say who that is."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def ask(self, request: Request, *, status: int = 200) -> Answer:
        """The answer and how long it took, connecting included. Raises Unexpected."""
        found, body, seconds, _ = self._exchange(request)
        if found != status:
            raise Unexpected(f"{request.path} answered {found}: {body[:300]!r}")
        return Answer(body, seconds)

    def headers_of(self, request: Request) -> list[tuple[str, str]]:
        """The headers of the answer, whatever its status; redirects are not followed."""
        return self._exchange(request)[3]

    def call(self, path: str, **fields: Any) -> Any:
        """A call with JSON both ways."""
        return json.loads(self.ask(json_request(path, fields)).body)

    def _exchange(self, request: Request) -> tuple[int, bytes, float, list[tuple[str, str]]]:
        method = "GET" if request.body is None else "POST"
        headers = {"Connection": "close", **self.headers}
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, request.path, request.body, headers)
            answer = connection.getresponse()
            body = answer.read()
            seconds = time.perf_counter() - started
        finally:
            connection.close()
        return answer.status, body, seconds, answer.getheaders()


def json_request(path: str, fields: Mapping[str, Any]) -> Request:
    return Request(path, json.dumps(fields).encode())
