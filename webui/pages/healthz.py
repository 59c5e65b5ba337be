"""Whether the server can do its work; for probes, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from experiments.queries.health import database_answers


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    healthy = database_answers()
    text = "ok" if healthy else "the database does not answer"
    return HttpResponse(f"{text}\n", content_type="text/plain", status=200 if healthy else 503)
