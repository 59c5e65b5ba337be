"""A Tuneboard that runs on a copy of synthetic data, and the two who measure it."""

from __future__ import annotations

import base64
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.client import Client, Request
from benchmarks.processes import free_port, manage, served
from benchmarks.stores import Store
from experiments.synthetic import PROJECTS

READER = "benchmark"


@dataclass(frozen=True)
class Site:
    """`browser` is signed in, `script` has a token; `project` is the largest one's id."""

    pid: int
    browser: Client
    script: Client
    project: str


@contextlib.contextmanager
def running_site(store: Store, tasks: int) -> Iterator[Site]:
    port = free_port()
    with store.copy(tasks) as env:
        data = Path(env["TUNEBOARD_DATA"])
        serve = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]
        with served(serve, env, port=port, health="/healthz", log=data / "server.log") as pid:
            script = _logged_in(port, env)
            found = script.call("/projects.get_all", name=f"^{PROJECTS[0]}$", only_fields=["id"])
            project = found["data"]["projects"][0]["id"]
            yield Site(pid, _signed_in(port, env), script, project)


def _signed_in(port: int, env: dict[str, str]) -> Client:
    """As a person is after opening a one-time link."""
    link = manage(env, "login_link", READER, "--create", "--admin").split()[-1]
    headers = Client(port).headers_of(Request(urlsplit(link).path))
    cookies = [value.partition(";")[0] for name, value in headers if name == "Set-Cookie"]
    return Client(port, {"Cookie": "; ".join(cookies)})


def _logged_in(port: int, env: dict[str, str]) -> Client:
    """As the SDK is after its login."""
    issued = manage(env, "issue_credentials", READER, "--create", "--admin", "--json")
    keys = json.loads(issued.splitlines()[-1])
    pair = f"{keys['access_key']}:{keys['secret_key']}".encode()
    login = Client(port, {"Authorization": f"Basic {base64.b64encode(pair).decode()}"})
    token = login.call("/auth.login")["data"]["token"]
    return Client(port, {"Authorization": f"Bearer {token}"})
