"""The one view of uploaded files: `/files/<path>`, for scripts by their key, to read also for
people who are signed in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from experiments.errors import ExperimentError, NoCredentials, TaskNotFound
from experiments.files.receiving import receive
from experiments.files.serving import serve
from experiments.models import Role, User
from experiments.operations.files import delete_file, forget_deleted
from experiments.queries.files import file_for
from experiments.rules.files import check_path
from experiments.sdk.auth import caller
from experiments.sdk.body import drain, printable

log = logging.getLogger("tuneboard.files")
SECONDS_TO_DRAIN = 10


# Whatever writes proves itself by a header that no other site can make a browser send.
@csrf_exempt
def file(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """Answers every method; a refusal is a sentence, which the SDK prints."""
    answer = _METHODS.get(request.method or "")
    try:
        if answer is None:
            return _not_allowed()
        return answer(request, path)
    except ExperimentError as error:
        if "text/html" in request.headers.get("Accept", ""):
            raise  # a person's, who gets a page
        drain(request, SECONDS_TO_DRAIN)
        code = 404 if isinstance(error, TaskNotFound) else error.code
        return _sentence(f"{printable(str(error), 2000)}.", code)


def _read(request: HttpRequest, path: str) -> HttpResponseBase:
    return serve(request, file_for(_reader(request), path))


def _upload(request: HttpRequest, path: str) -> HttpResponseBase:
    actor, _ = caller(request, writes=True)
    paths = receive(request, path, actor)
    log.info("files kept for %s: %d", actor.user.username, len(paths))
    return JsonResponse(paths, safe=False)


def _delete(request: HttpRequest, path: str) -> HttpResponseBase:
    actor, _ = caller(request, writes=True)
    path = check_path(path)
    if not forget_deleted(path=path, by=actor):
        delete_file(file=file_for(actor.user, path, Role.EDITOR), by=actor)
    return JsonResponse([path], safe=False)


def _reader(request: HttpRequest) -> User:
    """By the key that is sent; a browser sends none, and has a session."""
    if "Authorization" not in request.headers and request.user.is_authenticated:
        return request.user
    if "Authorization" not in request.headers:
        raise NoCredentials("send the key with which scripts log in")
    return caller(request, writes=False)[0].user


def _not_allowed() -> HttpResponse:
    answer = _sentence("This method is not for files.", 405)
    answer["Allow"] = ", ".join(_METHODS)
    return answer


def _sentence(text: str, code: int) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8", status=code)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


_METHODS: dict[str, Callable[[HttpRequest, str], HttpResponseBase]] = {
    "GET": _read,
    "HEAD": _read,
    "POST": _upload,
    "PUT": _upload,
    "DELETE": _delete,
}
