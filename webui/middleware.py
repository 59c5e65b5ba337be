"""What happens around every page: a request id, the policy, and errors turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse

from experiments.errors import ExperimentError
from webui.logs import request_id
from webui.pages import failures
from webui.policy import ADMIN, ANYONE, FILES, POLICY, TOKEN, Access

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Gives each request an id that stands in its log lines, error page and reply."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_id() as name:
            request.trx = name  # the protocol's name for it
            response = self.get_response(request)
            response["X-Request-Id"] = name
            return response


class Policy:
    """Denies by default: an address without a line in `webui.policy` is not there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match and _access(request) is not ANYONE:
            # Without it, the Back button shows a page after signing out.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        access = _access(request)
        if access in {ANYONE, TOKEN} or (access is FILES and not _is_person(request)):
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        if access is None or (access is ADMIN and not request.user.is_admin):
            return failures.not_found(request)
        return None


class DomainErrors:
    """Renders the errors that pages let pass; the protocol has a place of its own for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ExperimentError):
            return failures.refusal(request, exception)
        return None


def _access(request: HttpRequest) -> Access | None:
    return POLICY.get(request.resolver_match.view_name)


def _is_person(request: HttpRequest) -> bool:
    """Whether a browser asks for a page; a script would take the sign-in page for its file."""
    return "Authorization" not in request.headers and "text/html" in request.headers.get(
        "Accept", ""
    )


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        # Neither the sign-in page in a corner of this one, nor this one gone with what was typed.
        return render(request, "failures/_signed_out.html", status=401)
    safe = request.method in {"GET", "HEAD"}
    target = request.get_full_path() if safe else resolve_url("project-list")
    return redirect_to_login(target, reverse("login"))
