"""One address, two renderings: the whole page, or the part of it htmx swaps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. Restoring history asks for the whole page again."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def render_page(
    request: HttpRequest, page: str, fragment: str, context: Any, *, status: int = 200
) -> HttpResponse:
    """Render `page` or `fragment` with `context` under the name `page`.

    Vary keeps caches, and the browser's Back button, from showing a bare fragment.
    """
    template = fragment if wants_fragment(request) else page
    response = render(request, template, {"page": context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def leave(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, also where htmx asked for a part of one."""
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
