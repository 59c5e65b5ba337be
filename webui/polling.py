"""Fragments that ask again every few seconds, and are answered only when something changed."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse

from webui.fragments import wants_fragment

SEEN = "seen"


def digest_of(now: datetime, *shown: object) -> str:
    """What a fragment shows, as a short text to send along when it asks again.

    Leave out how long ago something was: with each minute it is another anyway.
    """
    text = repr((now.replace(second=0, microsecond=0), shown))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def nothing_new(request: HttpRequest, digest: str) -> HttpResponse | None:
    """The answer to a fragment that shows this already: what is on the screen stays."""
    if request.method == "GET" and wants_fragment(request) and request.GET.get(SEEN) == digest:
        return HttpResponse(status=204)
    return None
