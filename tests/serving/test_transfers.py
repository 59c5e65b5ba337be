"""Files that come and go slowly, beside everything else the server does."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests.server import Server
from tests.uploads import BOUNDARY, multipart
from webui.serving import TRANSFERS

# More than the server has processes; one each would be all of them.
SLOW = 6


class Connection:
    """A client that takes its time."""

    def __init__(self, server: Server) -> None:
        address = urlsplit(server.url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=20)
        self.key = server.key()

    def begin_upload(self, body: bytes, sent: int) -> None:
        self.socket.sendall(
            f"POST /files HTTP/1.1\r\nHost: localhost\r\nAuthorization: {self.key}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body[:sent]
        )

    def begin_download(self, path: str) -> None:
        self.socket.sendall(
            f"GET /files/{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {self.key}\r\n\r\n".encode()
        )

    def answer(self) -> tuple[int, bytes]:
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read()

    def close(self) -> None:
        self.socket.close()


Connect = Callable[[], Connection]


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(contextlib.closing(Connection(server)))


def pages_answer(server: Server) -> bool:
    return (
        server.page("/healthz", person=None)[0] == 200
        and server.page("/")[0] == 200
        and server.call("users.get_current_user")["meta"]["result_code"] == 200
    )


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def arriving(server: Server) -> list[str]:
    folder = server.data / "files" / "incoming"
    return [one.name for one in folder.iterdir()] if folder.is_dir() else []


def test_uploads_that_take_their_time_keep_nobody_waiting(server: Server, connect: Connect) -> None:
    wait_until(lambda: not arriving(server))
    name = f"slow/{uuid.uuid4().hex}"
    body = multipart({f"/{name}": b"x" * 500_000})
    uploads = [connect() for _ in range(SLOW)]
    for upload in uploads:
        upload.begin_upload(body, sent=300_000)
    wait_until(lambda: len(arriving(server)) == SLOW)
    assert pages_answer(server)
    # Nobody was given up for it, which is what would happen in the end.
    assert len(arriving(server)) == SLOW
    first, *torn = uploads
    first.socket.sendall(body[300_000:])
    assert first.answer() == (200, f'["{name}"]'.encode())
    for upload in torn:
        upload.close()
    wait_until(lambda: not arriving(server))
    again = connect()
    again.begin_download(name)
    assert again.answer() == (200, b"x" * 500_000)


def test_downloads_that_nobody_reads_keep_nobody_waiting(server: Server, connect: Connect) -> None:
    name = f"large/{uuid.uuid4().hex}"
    body = multipart({f"/{name}": bytes(30_000_000)})
    upload = connect()
    upload.begin_upload(body, sent=len(body))
    assert upload.answer()[0] == 200
    downloads = [connect() for _ in range(SLOW)]
    for download in downloads:
        download.begin_download(name)
    assert pages_answer(server)
    status, content = downloads[-1].answer()
    assert (status, len(content)) == (200, 30_000_000)


def test_more_at_once_than_there_is_room_for_are_turned_away(
    server: Server, connect: Connect
) -> None:
    """With 503, upon which the SDK's storage tries again; and pages answer all the same."""
    wait_until(lambda: not arriving(server))
    body = multipart({f"/many/{uuid.uuid4().hex}": b"x" * 1000})
    uploads = [connect() for _ in range(2 * TRANSFERS + 2)]
    for upload in uploads:
        upload.begin_upload(body, sent=500)
    assert pages_answer(server)
    taken = len(arriving(server))
    assert taken <= 2 * TRANSFERS
    statuses = []
    for upload in uploads:
        # One that was turned away has no use for the rest.
        with contextlib.suppress(OSError):
            upload.socket.sendall(body[500:])
        with contextlib.suppress(ConnectionError):
            statuses.append(upload.answer()[0])
    assert set(statuses) == {200, 503}
    wait_until(lambda: not arriving(server))
    assert pages_answer(server)
