"""The web server: gunicorn inside our own process, so that one command is all there is.

Synchronous workers, one a core: measured best for pages full of numbers, and they close
each connection after its reply, which the SDK needs (it shares kept-alive connections
between processes it forks).
"""

from __future__ import annotations

import errno
import fcntl
import gc
import http.client
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.workers.sync import SyncWorker

from webui.transfers import LONGEST_BEGIN, SECONDS_TO_SPEAK, Transfers, is_transfer

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
SECONDS_TO_START = 30
SECONDS_TO_STOP = 30
SECONDS_FOR_A_REQUEST = 120
SECONDS_OF_SILENCE = 15
HOLD_WAITS = (0.2, 0.5, 1.0, 1.5)
LONGEST_LINE = 8190
HEALTH_PATH = "/healthz"


class CannotServe(Exception):
    """A start is not possible; the text is the one sentence a person reads."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises CannotServe where the address is taken or not ours."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Browsers open connections in advance and say nothing on them. The kernel keeps those
    # until they speak; a synchronous worker that accepted one would serve nobody else.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SECONDS_OF_SILENCE)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotServe(_why_not_bound(host, port, error)) from None
    return listener


def hold_folder(folder: Path) -> IO[str]:
    """Keeps a data folder to one server, for as long as the file stays open.

    A second server would void the first one's set-up link and take over its address. One that
    has just been killed may hold the folder for a moment longer.
    """
    held = open(folder / "serving.lock", "a")  # noqa: SIM115  (open is what holds it)
    for wait in (*HOLD_WAITS, None):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if wait is None:
                held.close()
                raise CannotServe(
                    f"Another Tuneboard serves the data folder {folder}; stop it, or choose"
                    " another folder with --data."
                ) from None
            time.sleep(wait)
        else:
            break
    return held


def _why_not_bound(host: str, port: int, error: OSError | OverflowError) -> str:
    if not isinstance(error, OSError):
        return f"{port} is no port; those are 1 to 65535."
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} of {host} is in use; choose another with --port."
        case errno.EACCES:
            return f"Port {port} needs more rights than this user has; choose one above 1023."
        case _:
            return f"{host} port {port} cannot be listened on: {error.strerror}."


def host_in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def serve(listener: socket.socket, *, workers: int, ready: Callable[[], None]) -> None:
    """Serves until told to stop; calls `ready` once the server answers.

    Does not return: gunicorn ends the process.
    """
    application = get_wsgi_application()
    _ = get_resolver().url_patterns  # imports every page once, before the fork
    connections.close_all()  # a connection shared over a fork would mix up its answers
    gc.collect()
    gc.freeze()  # what is loaded now stays in memory pages that the workers share
    host, port = listener.getsockname()[:2]
    settings = {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "worker_class": _Worker,
        "preload_app": True,
        "timeout": SECONDS_FOR_A_REQUEST,
        "graceful_timeout": SECONDS_TO_STOP,
        "limit_request_line": LONGEST_LINE,
        "limit_request_field_size": LONGEST_LINE,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": _leave_interrupts_to_the_master,
    }
    arbiter = _Arbiter(_Application(application, settings))
    arbiter.log.error_log.addFilter(_is_worth_a_line)
    arbiter.when_answering(EVERY_ADDRESS.get(host, host), port, ready)
    arbiter.run()


class _Application(BaseApplication):
    """gunicorn's settings as a dictionary; neither its command line nor a file of its own."""

    def __init__(self, application: Any, settings: dict[str, Any]) -> None:
        self.application = application
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.application


class _Arbiter(Arbiter):
    """The master: says when its workers answer, and stops without cutting requests off."""

    _announce: Callable[[], None] | None = None

    def when_answering(self, host: str, port: int, ready: Callable[[], None]) -> None:
        self._probe = (host, port)
        self._announce = ready

    def init_signals(self) -> None:
        under_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().init_signals()
        if under_nohup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def handle_int(self) -> None:
        """Ctrl-C: running requests finish first; gunicorn takes a second one as "at once"."""
        raise StopIteration

    def handle_hup(self) -> None:
        """The terminal is gone, and a server that nobody sees should not stay."""
        raise StopIteration

    def manage_workers(self) -> None:
        super().manage_workers()
        if self._announce and self._answers():
            self._announce()
            self._announce = None

    def _answers(self) -> bool:
        """Waits for the first healthy answer; False when a signal must be seen to first."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if not self.SIG_QUEUE.empty():
                return False
            if _is_healthy(*self._probe):
                return True
            time.sleep(0.02)
        raise HaltServer(f"{HEALTH_PATH} gave no healthy answer in {SECONDS_TO_START} s.", 1)


class _Worker(SyncWorker):
    """One request at a time, and files beside."""

    def init_process(self) -> None:
        self._transfers = Transfers(self.handle)
        super().init_process()

    def run(self) -> None:
        super().run()
        if not self.is_parent_alive():
            # The next server needs the port and the folder now, not when transfers have ended.
            os._exit(1)

    def run_for_one(self, timeout: float) -> None:
        """Looks every second, not every minute, whether the master was killed."""
        super().run_for_one(min(timeout, 1.0))

    def accept(self, listener: Any) -> None:
        """As in gunicorn, but a client that falls silent is given up.

        One that had nothing to say for as long as the kernel kept it is let go at once.
        """
        client, address = listener.accept()
        os.set_inheritable(client.fileno(), False)
        client.settimeout(SECONDS_TO_SPEAK)
        try:
            begin = client.recv(LONGEST_BEGIN, socket.MSG_PEEK)
        except OSError:
            client.close()
            return
        client.settimeout(SECONDS_OF_SILENCE)
        if is_transfer(begin):
            self._transfers.start(listener, client, address)
        else:
            self.handle(listener, client, address)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """A client that stopped in mid-request is no fault of the server's."""
    return not (record.exc_info and isinstance(record.exc_info[1], TimeoutError))


def _leave_interrupts_to_the_master(_worker: _Worker) -> None:
    """Ctrl-C reaches every process of the terminal; only the master may act on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_START)
    try:
        connection.request("GET", HEALTH_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
