"""Takes an upload in: streamed to the disk, measured, and kept whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from experiments.errors import InvalidBody
from experiments.models import Role, Task
from experiments.operations.actor import Actor
from experiments.operations.files import keep_files, require_unlocked
from experiments.operations.stored_bytes import Draft, require_room
from experiments.queries.files import task_of_path
from experiments.rules.files import check_path
from experiments.rules.multipart import parts_of
from experiments.sdk.body import content_length


def receive(request: HttpRequest, under: str, by: Actor) -> list[str]:
    """Keeps every part of a multipart body as a file; returns their paths.

    A part's name is its path, below that of the address. Raises InvalidBody, InvalidField,
    TaskNotFound, NotAllowed, TaskNotEditable, BodyTooLarge or StorageFull.
    """
    if request.content_type != "multipart/form-data":
        raise InvalidBody("send files as multipart/form-data")
    body = _Body(request)
    require_room(body.length)
    drafts: dict[str, Draft] = {}
    tasks: dict[str, Task] = {}
    with ExitStack() as stack:
        for part in parts_of(body.read, (request.content_params or {}).get("boundary", "")):
            path = check_path(f"{under}/{part.name}")
            if path in drafts:
                raise InvalidBody("a path is there twice")
            if task := task_of_path(by.user, path, Role.EDITOR):
                require_unlocked(task)  # before gigabytes have come for nothing
                tasks[path] = task
            draft = drafts[path] = stack.enter_context(Draft())
            for piece in part.pieces:
                draft.write(piece)
            draft.finish()
        body.read_to_the_end()
        keep_files(drafts=drafts, tasks=tasks, by=by)
    return list(drafts)


class _Body:
    """The body of a request, of which the end is not taken on trust."""

    def __init__(self, request: HttpRequest) -> None:
        if "Content-Encoding" in request.headers or "Transfer-Encoding" in request.headers:
            raise InvalidBody("send files as they are, with a Content-Length")
        self.length = content_length(request)
        self._request = request
        self._arrived = 0

    def read(self, size: int) -> bytes:
        try:
            piece = self._request.read(min(size, self.length - self._arrived))
        except UnreadablePostError as error:
            slow = isinstance(error.__cause__, TimeoutError)
            raise InvalidBody("it came too slowly" if slow else "it ended early") from None
        self._arrived += len(piece)
        return piece

    def read_to_the_end(self) -> None:
        """What follows the last part is nothing, but it must have arrived."""
        while self._arrived < self.length:
            if not self.read(self.length):
                raise InvalidBody("it ended early")
