"""What only a real connection shows: bodies of a GET, torn and oversized requests, its end."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.server import Server

MEGABYTE = 1024 * 1024


def exchange(server: Server, request: bytes) -> tuple[bytes, dict]:
    """Sends bytes as they are; gives the head of the answer and its envelope."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        # Ends only because the server closes the connection.
        while received := connection.recv(65536):
            answer += received
    head, _, content = answer.partition(b"\r\n\r\n")
    return head, json.loads(content)


def request_of(
    server: Server,
    body: bytes,
    *,
    length: int | None = None,
    method: str = "GET",
    encoding: str = "",
) -> bytes:
    server.data_of("users.get_current_user")
    head = (
        f"{method} /v2.23/users.get_current_user HTTP/1.1\r\n"
        f"Host: {urlsplit(server.url).netloc}\r\n"
        f"Authorization: Bearer {server._tokens['alice']}\r\n"
        "Content-Type: application/json\r\n"
        f"{encoding or f'Content-Length: {len(body) if length is None else length}'}\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_every_method_may_carry_a_body_and_ends_the_connection(server: Server, method: str) -> None:
    head, reply = exchange(server, request_of(server, b'{"method": "get"}', method=method))
    assert b"\r\nConnection: close\r\n" in head
    assert reply["data"]["user"]["name"] == "alice"


def test_a_request_torn_by_another_one_is_refused(server: Server) -> None:
    other = b"GET /auth.login HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head, reply = exchange(server, request_of(server, other))
    assert head.startswith(b"HTTP/1.1 400")
    assert (reply["meta"]["result_code"], reply["meta"]["result_subcode"]) == (400, 16)


def test_the_answer_to_a_body_that_is_too_large_can_be_read(server: Server) -> None:
    """The client has sent all of it before it looks for an answer."""
    head, reply = exchange(server, request_of(server, b"x" * (40 * MEGABYTE)))
    assert head.startswith(b"HTTP/1.1 413")
    assert reply["meta"]["result_code"] == 413


def test_a_body_of_15_megabytes_is_read(server: Server) -> None:
    body = json.dumps({"ignored": "x" * (15 * MEGABYTE)}).encode()
    assert exchange(server, request_of(server, body))[1]["meta"]["result_code"] == 200


def test_chunks_are_refused(server: Server) -> None:
    chunked = request_of(server, b"2\r\n{}\r\n0\r\n\r\n", encoding="Transfer-Encoding: chunked")
    assert exchange(server, chunked)[1]["meta"]["result_subcode"] == 16
