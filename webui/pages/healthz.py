"""Whether the server can do its work; for probes, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from experiments.queries.health import database_answers


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    if database_answers():
        return HttpResponse(
            "ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"}
        )
    return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
