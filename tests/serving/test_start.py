"""The server as a person starts it: what the terminal says, and what the folder holds after."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.server import READY, ROOT, free_port, server_environment, temporary_database


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of a server that was never started."""
    with temporary_database("start") as url:
        yield server_environment(tmp_path / "data", url)


class Started:
    """A server's process. Leaving the context ends it, whatever the test found."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *(options or ("--port", "0"))],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def wait_until_ready(self) -> str:
        """Its address; what it said before is in `lines`."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith(READY):
                return line.removeprefix(READY).strip().rstrip("/")
        raise AssertionError(f"not ready, but: {self.lines}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Exit code, and what was said on the error stream."""
        self.process.send_signal(how)
        return self.end()

    def end(self) -> tuple[int, str]:
        output, errors = self.process.communicate(timeout=60)
        self.lines += output.splitlines()
        return self.process.returncode, errors


def refusal(environment: dict[str, str], *options: str) -> str:
    """The one sentence of a server that cannot start."""
    with Started(environment, *options) as server:
        code, errors = server.end()
    assert code == 1
    assert not any(line.startswith(READY) for line in server.lines)
    assert errors.count("\n") == 1, errors
    return errors.strip()


def ask(address: str, path: str, host: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_first_start_prepares_everything_and_the_second_finds_it(
    environment: dict[str, str],
) -> None:
    with Started(environment) as server:
        address = server.wait_until_ready()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        link = next(line.strip() for line in server.lines if "/setup/" in line)
        assert link.startswith(f"{address}/setup/")
        assert ask(address, urlsplit(link).path)[0] == 200
        assert ask(address, "/healthz")[0] == 200
        assert server.stop() == (0, "")

    data = Path(environment["TUNEBOARD_DATA"])
    assert (data / "address").read_text().strip() == address
    for private in ("address", "secret_key"):
        assert stat.S_IMODE((data / private).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700

    with Started(environment) as server:
        server.wait_until_ready()
        assert "Database is up to date." not in server.lines
        assert server.stop() == (0, "")


def test_static_files_are_served_under_hashed_names(environment: dict[str, str]) -> None:
    with Started(environment) as server:
        address = server.wait_until_ready()
        names = re.findall(r'"(/static/[^"]+\.css)"', ask(address, "/login/")[1])
        assert names
        for name in names:
            assert re.search(r"\.[0-9a-f]{12}\.css$", name)
            assert ask(address, name)[0] == 200
        assert server.stop() == (0, "")


def test_a_foreign_host_name_is_refused(environment: dict[str, str]) -> None:
    with Started(environment) as server:
        address = server.wait_until_ready()
        assert ask(address, "/login/", host="evil.example.org")[0] == 400
        assert ask(address, "/login/", host="localhost")[0] == 200


def test_examples_are_loaded_once_and_leave_the_set_up_open(environment: dict[str, str]) -> None:
    for times_loaded in (1, 0):
        with Started(environment, "--port", "0", "--demo") as server:
            server.wait_until_ready()
        said = "\n".join(server.lines)
        assert said.count("Loaded 300 experiments") == times_loaded
        assert "/setup/" in said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_is_quiet(environment: dict[str, str], how: signal.Signals) -> None:
    with Started(environment) as server:
        server.wait_until_ready()
        assert server.stop(how) == (0, "")


def test_silent_connections_keep_nobody_waiting(environment: dict[str, str]) -> None:
    with Started(environment) as server, contextlib.ExitStack() as sockets:
        place = urlsplit(server.wait_until_ready())
        for _ in range(4):
            sockets.enter_context(
                socket.create_connection((place.hostname or "", place.port or 0), timeout=30)
            )
        assert ask(place.geturl(), "/healthz")[0] == 200


def test_nothing_stays_when_the_master_is_killed(environment: dict[str, str]) -> None:
    with Started(environment) as server:
        server.wait_until_ready()
        code, _ = server.stop(signal.SIGKILL)  # which waits for all that share its output
        assert code == -signal.SIGKILL


class TestRefusals:
    def test_a_port_in_use(self, environment: dict[str, str]) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert f"Port {port} of 127.0.0.1 is in use" in refusal(
                environment, "--port", str(port)
            )

    def test_an_address_of_another_machine(self, environment: dict[str, str]) -> None:
        # 192.0.2.0/24 is set aside for documentation: no machine has it.
        sentence = refusal(environment, "--host", "192.0.2.1", "--port", "0")
        assert "192.0.2.1 port 0 cannot be listened on" in sentence

    def test_all_addresses_while_nobody_has_an_account(self, environment: dict[str, str]) -> None:
        sentence = refusal(environment, "--host", "0.0.0.0", "--port", str(free_port()))
        assert "Nobody has an account yet" in sentence

    def test_an_unknown_setting(self, environment: dict[str, str]) -> None:
        sentence = refusal({**environment, "TUNEBOARD_PROT": "8080"})
        assert "TUNEBOARD_PROT is not a setting" in sentence

    def test_a_data_folder_that_cannot_be_made(
        self, environment: dict[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        sentence = refusal({**environment, "TUNEBOARD_DATA": str(tmp_path / "file" / "data")})
        assert f"The data folder {tmp_path}/file/data cannot be made" in sentence

    def test_a_database_that_is_not_there(self, environment: dict[str, str]) -> None:
        nowhere = f"postgres://nobody:secret@127.0.0.1:{free_port()}/none"
        sentence = refusal({**environment, "TUNEBOARD_DATABASE_URL": nowhere}, "--port", "0")
        assert "The database cannot be opened" in sentence
        assert "secret" not in sentence

    def test_something_else_than_a_database(
        self, environment: dict[str, str], tmp_path: Path
    ) -> None:
        environment = server_environment(tmp_path / "spoilt")
        (tmp_path / "spoilt").mkdir()
        (tmp_path / "spoilt" / "tuneboard.sqlite3").write_text("not a database, by any means")
        sentence = refusal(environment, "--port", "0")
        assert "The database cannot be opened: file is not a database" in sentence


def test_a_second_server_on_the_same_folder_is_refused(environment: dict[str, str]) -> None:
    with Started(environment) as server:
        address = server.wait_until_ready()
        link = next(line.strip() for line in server.lines if "/setup/" in line)
        assert "Another Tuneboard serves the data folder" in refusal(environment, "--port", "0")
        assert ask(address, urlsplit(link).path)[0] == 200
        kept = Path(environment["TUNEBOARD_DATA"], "address").read_text().strip()
        assert kept == address


def test_a_killed_server_leaves_the_folder_to_the_next(environment: dict[str, str]) -> None:
    with Started(environment) as server:
        server.wait_until_ready()
        server.stop(signal.SIGKILL)
    with Started(environment) as server:
        server.wait_until_ready()
        assert server.stop() == (0, "")
