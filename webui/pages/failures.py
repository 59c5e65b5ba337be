"""Pages for what goes wrong. A script gets the protocol's envelope instead, always."""

from __future__ import annotations

import sys

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from experiments.errors import (
    BodyTooLarge,
    ExperimentError,
    InternalError,
    InvalidBody,
    InvalidId,
    NotAllowed,
    PageNotFound,
    ProjectNotFound,
    QueueNotFound,
    TaskNotFound,
    TooManyAttempts,
    UserNotFound,
)
from experiments.sdk import fallback
from webui.logs import current_request_id

# The protocol answers 400 for these; a person followed a link to something that is not there.
_NOT_THERE = (InvalidId, TaskNotFound, ProjectNotFound, QueueNotFound, UserNotFound)
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def refusal(request: HttpRequest, error: ExperimentError) -> HttpResponse:
    """A domain error as a page, or as a notice when htmx asked."""
    context = _context(error)
    template = "failures/_error.html" if _wants_fragment(request) else "failures/failure.html"
    response = render(request, template, context, status=context["code"])
    if isinstance(error, TooManyAttempts):
        response["Retry-After"] = "60"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, PageNotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Malformed, too large, or for a host that is not ours: nothing of it is repeated."""
    error: ExperimentError = InvalidBody()
    if isinstance(exception, _TOO_LARGE):
        error = BodyTooLarge()
    elif isinstance(exception, DisallowedHost):
        error = ExperimentError("this server answers to other host names (TUNEBOARD_ALLOWED_HOSTS)")
    return _answer(request, error, plain=True)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, NotAllowed())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path_info == "/" and fallback.is_call(request):
        # An upload of the SDK; nothing else of it is sent here.
        return _answer(request, InvalidBody("files go to /files: end CLEARML_FILES_HOST with it"))
    return _answer(request, NotAllowed("the form was too old or came from another site; reload it"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Unknown exceptions; Django has logged this one, with the same request id."""
    error = InternalError("what happened is in the log of the server")
    response = _answer(request, error, plain=True)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _database_away(request, response)
    return response


def _database_away(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """503 for people only: the SDK would repeat a 503 for ever."""
    if not fallback.is_call(request):
        response.status_code = 503
        response["Retry-After"] = "5"
    return response


def _answer(request: HttpRequest, error: ExperimentError, *, plain: bool = False) -> HttpResponse:
    if fallback.is_call(request):
        return fallback.failure(request, error)
    if plain:
        # Rendered without the request: neither the database nor the host may be touched.
        text = render_to_string("failures/failure.html", _context(error))
        return HttpResponse(text, status=error.code)
    return refusal(request, error)


def _context(error: ExperimentError) -> dict[str, object]:
    return {
        "code": 404 if isinstance(error, _NOT_THERE) else error.code,
        "title": error.message,
        "detail": error.detail,
        "request_id": current_request_id() if error.code >= 500 else "",
    }


def _wants_fragment(request: HttpRequest) -> bool:
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request
