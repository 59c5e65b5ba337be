"""The envelope for failures outside `dispatch`: no such address, CSRF, too large, a crash."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from experiments.errors import EndpointNotFound, ExperimentError, PageNotFound
from experiments.sdk import envelope
from experiments.sdk.body import drain, printable
from experiments.sdk.dispatch import trx_of

_CALL = re.compile(r"/(v[\d.]+/.*|[a-z_]+\.[a-z0-9_]+/?)")
_NOT_CALLS = frozenset({"/favicon.ico", "/robots.txt"})
_MARKS = (
    "X-ClearML-Client",
    "X-Trains-Client",
    "X-ClearML-Worker",
    "X-Trains-Worker",
    "X-ClearML-Agent",
    "X-Trains-Agent",
)


def is_call(request: HttpRequest) -> bool:
    """Whether it is a script that asks: by its headers, what it accepts, or its address."""
    if any(mark in request.headers for mark in _MARKS):
        return True
    if request.headers.get("Authorization", "").lower().startswith(("bearer ", "basic ")):
        return True
    if request.headers.get("Accept", "").startswith("application/json"):
        return True
    return request.path_info not in _NOT_CALLS and _CALL.fullmatch(request.path_info) is not None


def failure(request: HttpRequest, error: ExperimentError) -> HttpResponse:
    name = printable(request.path_info.rpartition("/")[2])
    if isinstance(error, PageNotFound):
        error = EndpointNotFound(f"for name {name}")
    drain(request)
    exchange = envelope.Exchange(trx_of(request), name, "1.0", "1.0")
    return envelope.close_connection(request, envelope.failure(exchange, error))
