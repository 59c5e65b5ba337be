"""Files that come and go: each in a thread of its own, beside the one request of a process.

A file may take minutes, and a server of two processes would answer nobody else if two of them
came at once. The threads wait for the network and the disk, not for each other.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

AT_ONCE = 16
# The SDK gives itself a second for 50 KiB; who is this much slower only occupies a thread.
SLOWEST = 8 * 1024
SECONDS_OF_PATIENCE = 30
SECONDS_TO_SPEAK = 0.2
LONGEST_BEGIN = 16
_BEGIN = re.compile(rb"[A-Z]{3,7} /files[/? ]")
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Length: 0\r\n\r\n"
)
Handle = Callable[[Any, Any, Any], None]


def is_transfer(begin: bytes) -> bool:
    """Whether a request that begins so is for a file."""
    return _BEGIN.match(begin) is not None


class Transfers:
    """Those of one process; more than AT_ONCE are turned away."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def start(self, listener: Any, client: socket.socket, address: Any) -> None:
        if not self._free.acquire(blocking=False):
            _turn_away(client)
            return
        # No daemon: a stop waits for it, as long as it does for any request.
        threading.Thread(target=self._run, args=(listener, Paced(client), address)).start()

    def _run(self, *transfer: Any) -> None:
        try:
            self._handle(*transfer)
        finally:
            connections.close_all()
            self._free.release()


class Paced:
    """A socket from which nobody may trickle for ever: a byte now and then is not silence."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._arrived = 0
        self._since = time.monotonic()

    def recv(self, *arguments: Any) -> bytes:
        patience = SECONDS_OF_PATIENCE + self._arrived / SLOWEST
        if time.monotonic() - self._since > patience:
            raise TimeoutError("too slow")
        piece = self._client.recv(*arguments)
        self._arrived += len(piece)
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def _turn_away(client: socket.socket) -> None:
    """The SDK tries again; its answer must not get lost in what it is still sending."""
    with contextlib.suppress(OSError):
        client.settimeout(SECONDS_TO_SPEAK)
        client.sendall(_BUSY)
        client.shutdown(socket.SHUT_WR)
        client.recv(8192)
    client.close()
