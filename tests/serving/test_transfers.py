"""Files that come and go slowly, beside everything else the server does."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.server import (
    READY,
    ROOT,
    Person,
    Server,
    free_port,
    server_environment,
    temporary_database,
)
from tests.uploads import BOUNDARY, multipart
from webui import transfers
from webui.transfers import AT_ONCE, Paced, is_transfer

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
    uploads = [connect() for _ in range(2 * AT_ONCE + 2)]
    for upload in uploads:
        upload.begin_upload(body, sent=500)
    assert pages_answer(server)
    taken = len(arriving(server))
    assert taken <= 2 * AT_ONCE
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


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with temporary_database("transfers") as url:
        yield server_environment(tmp_path / "data", url)


@contextlib.contextmanager
def own_server(environment: dict[str, str], key: Person) -> Iterator[tuple[Server, Any]]:
    """A server that the test may end as it likes, and its process."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        line = next(line for line in process.stdout if line.startswith(READY))
        url = line.removeprefix(READY).strip().rstrip("/")
        yield Server(url, Path(environment["TUNEBOARD_DATA"]), {"alice": key}, environment), process
    finally:
        process.kill()
        process.communicate(timeout=60)


def provision(environment: dict[str, str]) -> Person:
    made = subprocess.run(
        [sys.executable, "-m", "tests.provision"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return Person(**json.loads(made.stdout)["alice"])


def kept(server: Server, name: str) -> tuple[int, bytes]:
    with contextlib.closing(Connection(server)) as reader:
        reader.begin_download(name)
        return reader.answer()


def test_a_stop_lets_an_upload_finish(environment: dict[str, str]) -> None:
    key = provision(environment)
    body = multipart({"/stopped": b"x" * 600_000})
    with own_server(environment, key) as (server, process):
        with contextlib.closing(Connection(server)) as upload:
            upload.begin_upload(body, sent=300_000)
            wait_until(lambda: len(arriving(server)) == 1)
            process.terminate()
            upload.socket.sendall(body[300_000:])
            assert upload.answer() == (200, b'["stopped"]')
        assert process.wait(timeout=60) == 0
    with own_server(environment, key) as (server, _):
        assert kept(server, "stopped") == (200, b"x" * 600_000)


def test_killed_in_mid_upload_it_starts_again_with_what_there_was(
    environment: dict[str, str],
) -> None:
    """The transfer must not keep the port and the folder from the next server."""
    key = provision(environment)
    old, new = (multipart({"/killed": letter * 600_000}) for letter in (b"a", b"b"))
    with own_server(environment, key) as (server, process):
        with contextlib.closing(Connection(server)) as upload:
            upload.begin_upload(old, sent=len(old))
            assert upload.answer()[0] == 200
        with contextlib.closing(Connection(server)) as upload:
            upload.begin_upload(new, sent=300_000)
            wait_until(lambda: len(arriving(server)) == 1)
            process.kill()  # the master alone; its processes see to themselves
            process.wait()
            with own_server(environment, key) as (again, _):
                assert kept(again, "killed") == (200, b"a" * 600_000)


def test_what_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is never the silence that ends a connection."""
    ours, theirs = socket.socketpair()
    with contextlib.closing(ours), contextlib.closing(theirs):
        paced = Paced(ours)
        theirs.sendall(b"x" * 100)
        assert paced.recv(60) == b"x" * 60
        monkeypatch.setattr(transfers, "SECONDS_OF_PATIENCE", -60 / transfers.SLOWEST)
        with pytest.raises(TimeoutError):
            paced.recv(60)
        assert paced.fileno() == ours.fileno()


@pytest.mark.parametrize(
    ("begin", "is_one"),
    [
        (b"POST /files HTTP", True),
        (b"DELETE /files/a", True),
        (b"GET /files/a%20b", True),
        (b"HEAD /files?a", True),
        (b"GET /filesystem", False),
        (b"GET /experiments", False),
        (b"GET /v2.23/tasks", False),
        (b"get /files/a", False),
        (b"G", False),
        (b"", False),
    ],
)
def test_which_requests_are_for_files(begin: bytes, is_one: bool) -> None:
    assert is_transfer(begin) is is_one
