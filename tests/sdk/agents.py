"""The real clearml-agent: one that listens to a queue, and one that runs a single experiment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from tests.server import Server

# Far more than is needed on an idle machine; a test fails by this only if something hangs.
PATIENCE = 600
POLLING = "0.5"
OVER = {"completed", "failed", "stopped", "published", "closed"}

Found = TypeVar("Found")


@dataclass
class Agent:
    """A process group of its own: the agent, and the script that it runs."""

    name: str
    process: subprocess.Popen[bytes]
    home: Path

    @property
    def output(self) -> str:
        return (self.home / "agent.log").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """The agent alone, with no time to say anything; its script lives on."""
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def end(self) -> None:
        """As Ctrl-C does; afterwards nothing of it is left."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)


@dataclass(frozen=True)
class Agents:
    """Starts agents with the packages of one environment, each in a home of its own."""

    server: Server
    python: Path
    folder: Path

    @contextlib.contextmanager
    def listening(self, queue: str, name: str, *, builds: bool = False) -> Iterator[Agent]:
        """An agent of the queue; with `builds` it makes an environment for each experiment."""
        agent = self._start(name, builds, "daemon", "--foreground", "--queue", queue)
        try:
            yield agent
        finally:
            agent.end()

    def execute(self, task: str, name: str) -> Agent:
        """`clearml-agent execute --id`, when it has ended."""
        agent = self._start(name, False, "execute", "--id", task)
        try:
            agent.process.wait(timeout=PATIENCE)
        finally:
            agent.end()
        return agent

    def _start(self, name: str, builds: bool, *arguments: str) -> Agent:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        (home / "clearml.conf").touch()
        environment = self.server.sdk_environment(home) | {
            "CLEARML_WORKER_ID": name,
            "CLEARML_AGENT_QUEUE_POLL_FREQ_SEC": POLLING,
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(home),
        }
        if not builds:
            environment |= {
                "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL": str(self.python),
                "CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL": "1",
            }
        with (home / "agent.log").open("ab") as log:
            process = subprocess.Popen(
                [str(self.python), "-m", "clearml_agent", *arguments],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Agent(name, process, home)


def wait_for(what: str, look: Callable[[], Found | None], told: Callable[[], str] = str) -> Found:
    """The first answer that is not empty; `told` is said when it never comes."""
    end = monotonic() + PATIENCE
    while not (found := look()):
        assert monotonic() < end, f"{what} did not happen\n{told()}"
        sleep(0.1)
    return found
