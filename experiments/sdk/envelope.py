"""The envelope around every answer of the protocol, and the only place that makes one.

An answer without `meta`, or with a code above 500, sends the SDK into an endless loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from experiments.errors import ExperimentError
from experiments.sdk.body import printable

SAFE_CODES = frozenset({200, 400, 401, 403, 404, 413, 500})
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the envelope says of the request it answers."""

    trx: str
    endpoint: str
    requested: str
    actual: str


def success(exchange: Exchange, data: dict[str, Any]) -> HttpResponse:
    return _reply(exchange, data=data, result_code=200, result_subcode=0, result_msg="OK")


def failure(exchange: Exchange, error: ExperimentError) -> HttpResponse:
    return _reply(
        exchange,
        data={},
        result_code=error.code if error.code in SAFE_CODES else 400,
        result_subcode=error.subcode,
        result_msg=printable(str(error), 2000),
        error_data={"field": printable(error.field)} if error.field else {},
    )


def _reply(exchange: Exchange, *, data: dict[str, Any], **result: Any) -> HttpResponse:
    endpoint = {
        "name": exchange.endpoint,
        "requested_version": exchange.requested,
        "actual_version": exchange.actual,
    }
    meta = {
        "id": exchange.trx,
        "trx": exchange.trx,
        "endpoint": endpoint,
        "error_stack": None,
        "error_data": {},
        **result,
    }
    content = _encoder.encode({"meta": meta, "data": data})
    reply = HttpResponse(content, content_type="application/json", status=meta["result_code"])
    reply["Cache-Control"] = "no-store"
    return reply


def close_connection(request: HttpRequest, reply: HttpResponse) -> HttpResponse:
    """The SDK forks and then shares a kept-alive socket, which tears requests apart.

    wsgiref, which only serves developers, refuses to let an application say so.
    """
    if not request.META.get("SERVER_SOFTWARE", "").startswith("WSGIServer"):
        reply["Connection"] = "close"
    return reply
