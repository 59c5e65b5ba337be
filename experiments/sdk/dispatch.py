"""The one view of the protocol: every outcome leaves here in an envelope."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from experiments.errors import ExperimentError, InternalError, InvalidBody
from experiments.models.identifiers import new_uid
from experiments.sdk import services
from experiments.sdk.auth import authenticate
from experiments.sdk.body import (
    JSON_TYPES,
    LINES_TYPES,
    drain,
    inspect,
    parse_lines,
    parse_object,
    read_body,
)
from experiments.sdk.envelope import Exchange, close_connection, failure, success
from experiments.sdk.registry import (
    NEWEST,
    Endpoint,
    find,
    format_version,
    parse_version,
    run,
    schema_of,
)
from experiments.sdk.schema import read_request

log = logging.getLogger("tuneboard.sdk")
services.load()


# Callers prove themselves by a header that no other site can make a browser send.
@csrf_exempt
def dispatch(
    request: HttpRequest, service: str, action: str, version: str | None = None
) -> HttpResponse:
    """Answers `/v<version>/<service>.<action>`, whatever the method."""
    trx = trx_of(request)
    name = f"{service}.{action}"
    requested = parse_version(version) if version else None
    shown = format_version(requested or NEWEST)
    exchange = Exchange(trx, name, shown, shown)
    try:
        endpoint = find(name, requested)
        exchange = Exchange(trx, name, shown, format_version(endpoint.since))
        call = authenticate(request, endpoint, requested or NEWEST)
        reply = success(exchange, run(endpoint, call, _arguments(request, endpoint)))
    except ExperimentError as error:
        reply = _refusal(request, exchange, error)
    except SuspiciousOperation:
        reply = _refusal(request, exchange, InvalidBody("it has too many fields"))
    except Exception:
        # An answer without envelope would send the SDK into an endless loop.
        log.exception("%s failed, trx %s", name, trx)
        reply = _refusal(request, exchange, InternalError())
    return close_connection(request, reply)


def trx_of(request: HttpRequest) -> str:
    """The id of the request that also stands in the log lines about it."""
    return getattr(request, "trx", None) or new_uid()


def _arguments(request: HttpRequest, endpoint: Endpoint) -> dict[str, Any]:
    raw = read_body(request, LINES_TYPES if endpoint.batch else JSON_TYPES)
    if endpoint.batch:
        lines, unreadable = parse_lines(raw)
        arguments = read_request(schema_of(endpoint), _query(request), endpoint.name)
        return {**arguments, "lines": lines, "unreadable": unreadable}
    return read_request(
        schema_of(endpoint), {**_query(request), **parse_object(raw)}, endpoint.name
    )


def _query(request: HttpRequest) -> dict[str, Any]:
    """Arguments in the address, which the SDK uses for `auth.login`."""
    if not request.META.get("QUERY_STRING"):
        return {}
    values = {name: found[0] if len(found) == 1 else found for name, found in request.GET.lists()}
    inspect(values)
    return values


def _refusal(request: HttpRequest, exchange: Exchange, error: ExperimentError) -> HttpResponse:
    drain(request)
    return failure(exchange, error)
