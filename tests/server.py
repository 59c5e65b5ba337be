"""The real server, as a person starts it, and a real browser: for tests/sdk and tests/browser.

Both live as long as the test session, so a test makes its own project and looks only there.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
READY = "Tuneboard is ready at "
SESSION_COOKIE = "tuneboard_session"

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Person:
    access_key: str
    secret_key: str
    session: str


@dataclass(frozen=True)
class Download:
    status: int
    headers: Message
    content: bytes


@dataclass
class Server:
    """A running server: where it is, who may get in, and the plainest ways to ask it."""

    url: str
    data: Path
    people: dict[str, Person]
    environment: dict[str, str]
    _tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    def reached_with(cls, url: str, access_key: str, secret_key: str) -> Server:
        """A server of which only an address and alice's key are known."""
        return cls(url, Path(), {"alice": Person(access_key, secret_key, "")}, {})

    def sdk_environment(self, home: Path, person: str = "alice") -> dict[str, str]:
        """Exactly what a person sets to point the SDK here, in a home of its own."""
        key = self.people[person]
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CLEARML_CONFIG_FILE": str(home / "clearml.conf"),
            "CLEARML_API_HOST": self.url,
            "CLEARML_WEB_HOST": self.url,
            "CLEARML_FILES_HOST": f"{self.url}/files",
            "CLEARML_API_ACCESS_KEY": key.access_key,
            "CLEARML_API_SECRET_KEY": key.secret_key,
        }

    def call(self, endpoint: str, body: Any = None, *, person: str = "alice") -> dict[str, Any]:
        """The envelope of a protocol call."""
        content = json.dumps({} if body is None else body).encode()
        status, text = self._ask(f"/v2.23/{endpoint}", self.key(person), content)
        assert status < 501, text
        return json.loads(text)

    def key(self, person: str = "alice") -> str:
        """What stands in the Authorization header of a script."""
        return f"Bearer {self._tokens.get(person) or self._sign_in(person)}"

    def data_of(self, endpoint: str, body: Any = None, *, person: str = "alice") -> dict[str, Any]:
        """The data of a protocol call that must succeed."""
        reply = self.call(endpoint, body, person=person)
        assert reply["meta"]["result_code"] == 200, reply["meta"]
        return reply["data"]

    def page(self, path: str, *, person: str | None = "alice") -> tuple[int, str]:
        """Status and HTML of a page, redirects followed; `person=None` is not signed in."""
        request = urllib.request.Request(self.url + path)
        if person:
            request.add_header("Cookie", f"{SESSION_COOKIE}={self.people[person].session}")
        return _open(request)

    def download(self, path: str, *, person: str = "alice", **headers: str) -> Download:
        """An uploaded file, as a signed-in person gets it."""
        session = f"{SESSION_COOKIE}={self.people[person].session}"
        request = urllib.request.Request(self.url + path, headers={"Cookie": session, **headers})
        with _direct.open(request, timeout=60) as response:
            return Download(response.status, response.headers, response.read())

    def manage(self, *arguments: str) -> str:
        return _run([sys.executable, "manage.py", *arguments], self.environment)

    def _sign_in(self, person: str) -> str:
        key = self.people[person]
        pair = base64.b64encode(f"{key.access_key}:{key.secret_key}".encode()).decode()
        status, text = self._ask("/auth.login", f"Basic {pair}", b"")
        assert status == 200, text
        self._tokens[person] = json.loads(text)["data"]["token"]
        return self._tokens[person]

    def _ask(self, path: str, authorization: str, content: bytes) -> tuple[int, str]:
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        request = urllib.request.Request(
            self.url + path, data=content or None, headers=headers, method="GET"
        )
        return _open(request)


# Whatever proxy this machine uses, our own server is not behind it.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _open(request: urllib.request.Request) -> tuple[int, str]:
    try:
        with _direct.open(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def server_environment(data: Path, database_url: str = "") -> dict[str, str]:
    """The environment of a server of its own: nothing of the test run's settings in it."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TUNEBOARD_", "DJANGO_", "CLEARML_", "TRAINS_"))
    }
    chosen = {"TUNEBOARD_DATA": str(data)}
    if database_url:
        chosen["TUNEBOARD_DATABASE_URL"] = database_url
    return {**inherited, **chosen}


@dataclass
class Started:
    """A server that is ready: its address, and what it said until then."""

    url: str
    lines: list[str]


@contextlib.contextmanager
def start_server(environment: dict[str, str], *options: str) -> Iterator[Started]:
    """Starts `manage.py serve` on a free port; stops it afterwards."""
    command = [sys.executable, "manage.py", "serve", "--port", str(free_port()), *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith(READY):
                yield Started(line.removeprefix(READY).strip().rstrip("/"), lines)
                break
        else:
            pytest.fail(f"The server ended with code {process.wait()} before it was ready.")
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(timeout=30)


@contextlib.contextmanager
def temporary_database(purpose: str = "live") -> Iterator[str]:
    """Address of an empty database: on PostgreSQL a new one, on SQLite none is needed."""
    url = os.environ.get("TUNEBOARD_DATABASE_URL", "")
    if not url:
        yield ""
        return
    name = f"tuneboard_{purpose}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole session, with alice (administrator), bob and charlie."""
    data = tmp_path_factory.mktemp("server")
    with temporary_database() as database_url:
        environment = server_environment(data, database_url)
        keys = json.loads(_run([sys.executable, "-m", "tests.provision"], environment))
        people = {name: Person(**key) for name, key in keys.items()}
        with start_server(environment) as started:
            yield Server(started.url, data, people, environment)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would then refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """`browse(person="alice", **context_options)` gives a page of a browser of its own.

    Whatever the console calls an error (a script's, a broken policy) fails the test.
    """
    contexts = []
    errors: list[str] = []

    def open_page(person: str | None = "alice", **options: Any) -> Any:
        context = chromium.new_context(base_url=server.url, **options)
        contexts.append(context)
        if person:
            session = server.people[person].session
            context.add_cookies(
                [{"name": SESSION_COOKIE, "value": session, "url": server.url, "httpOnly": True}]
            )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: _note_error(errors, line))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors


def _note_error(errors: list[str], line: Any) -> None:
    """A refused request (4xx) is no fault of the page, though Chromium and htmx log it as one."""
    refused = ("the server responded with a status of 4", "Response Status Error Code 4")
    if line.type == "error" and not any(text in line.text for text in refused):
        errors.append(f"{line.text} ({line.location.get('url', '')})")


@pytest.fixture
def page(browse: Callable[..., Any]) -> Any:
    """A browser page in which alice is signed in."""
    return browse()
