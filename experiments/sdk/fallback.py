"""The envelope for failures outside `dispatch`: no such address, CSRF, too large, a crash."""

from __future__ import annotations

import re
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse

from experiments.errors import ExperimentError

_CALL = re.compile(r"/(v\d+(\.\d+)?/.*|[a-z_]+\.[a-z0-9_]+/?)")
# The SDK raises, or retries for ever, at any other code (its session.py).
_CODES = frozenset({400, 401, 403, 404, 500})


def is_call(request: HttpRequest) -> bool:
    """Whether it is a script that asks, by its address or by the SDK's own headers."""
    marked = "X-ClearML-Client" in request.headers or "X-Trains-Client" in request.headers
    return marked or _CALL.fullmatch(request.path_info) is not None


def failure(request: HttpRequest, error: ExperimentError) -> HttpResponse:
    code = error.code if error.code in _CODES else 400
    name = request.path_info.rpartition("/")[2]
    meta = {
        "id": uuid.uuid4().hex,
        "trx": uuid.uuid4().hex,
        "endpoint": {"name": name, "requested_version": "1.0", "actual_version": "1.0"},
        "result_code": code,
        "result_subcode": error.subcode,
        "result_msg": str(error),
        "error_stack": None,
        "error_data": {},
    }
    return JsonResponse({"meta": meta, "data": {}}, status=code)
