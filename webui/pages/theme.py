"""The theme switch: follow the system, or pin light or dark."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "tuneboard_theme"
PINNED = frozenset({"light", "dark"})
A_YEAR = 365 * 24 * 3600


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Kept in a cookie, so that it also holds on the sign-in page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = settings.LOGIN_REDIRECT_URL
    response = redirect(target)
    theme = request.POST.get("theme", "")
    if theme in PINNED:
        response.set_cookie(
            COOKIE, theme, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SECURE
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
