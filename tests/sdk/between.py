"""A relay between the SDK and the server, to act at one moment of a conversation.

The SDK reads an experiment and writes it back a few milliseconds later; this makes sure that
an edit falls between the two, without touching either side.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Wanted = Callable[[str, bytes], bool]
FORWARDED = {"authorization", "content-type"}


class Relay:
    """Passes everything on; before the first wanted request it acts."""

    def __init__(self, target: str, wanted: Wanted, act: Callable[[], None]) -> None:
        self._target = urlsplit(target).netloc
        self._wanted = wanted
        self._act = act
        self._lock = threading.Lock()
        self.acted = False

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> _Reply:
        with self._lock:
            if not self.acted and self._wanted(path, body):
                self.acted = True
                self._act()
        connection = http.client.HTTPConnection(self._target, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()


_Reply = tuple[int, str, bytes]


@contextlib.contextmanager
def relaying(relay: Relay) -> Iterator[str]:
    """Its address, while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = {name: text for name, text in self.headers.items() if name.lower() in FORWARDED}
            status, content_type, content = relay.pass_on(self.command, self.path, kept, body)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_GET

        def log_message(self, *arguments: object) -> None:
            """Nothing: the server has a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
