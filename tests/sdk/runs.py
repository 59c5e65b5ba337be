"""Scripts as a person runs them: each in a process and a home folder of its own.

An SDK session mostly waits (its reporter flushes every five seconds), so the scripts that the
selected tests need are all started at once and a test waits for its own only.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.sdk.configuration_page import ConfigurationPage
from tests.sdk.environments import Environment
from tests.server import Server

SCRIPTS = Path(__file__).parent / "scripts"
AT_ONCE = 8
TIMEOUT = 600
ANSWER = "ANSWER "

_TASK_ID = re.compile(
    r"ClearML Task: (?:created new|overwriting \(reusing\)) task id=([0-9a-f]{32})"
    r"|^DRAFT ([0-9a-f]{32})",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Script:
    """What to run: a file of `scripts/`, its arguments, and what the person has set around it.

    `packages` are those it runs with, if not those of the tests.
    """

    file: str
    arguments: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    clearml_conf: str = ""
    fails: bool = False
    packages: Environment | None = None

    def __str__(self) -> str:
        return " ".join([*(f"{k}={v}" for k, v in self.environment), self.file, self.arguments])


@dataclass(frozen=True)
class Answers:
    """What a script printed with `print("ANSWER", json)`, by its first element, in order."""

    output: str

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Any]:
        lines = [line for line in self.output.splitlines() if line.startswith(ANSWER)]
        return dict(json.loads(line.removeprefix(ANSWER)) for line in lines)


@dataclass(frozen=True)
class Run:
    """A finished script: its experiment as another process reads it, and as the page shows it."""

    task: str
    output: str
    errors: str
    server: Server
    reader: Reader

    @property
    def answers(self) -> Answers:
        return Answers(self.output)

    def read(self, method: str, *arguments: Any, **keywords: Any) -> Any:
        """`Task.get_task(...).method(...)` in another process, as JSON carries it."""
        return self.reader.ask(self.task, method, *arguments, **keywords)

    @property
    def page(self) -> ConfigurationPage:
        return ConfigurationPage(self._get("configuration/"))

    def download(self, name: str) -> str:
        """What a person gets who downloads a configuration object."""
        return self._get(f"configuration/download/?{urlencode({'name': name})}")

    def tab(self, name: str) -> str:
        """The HTML of another page of the experiment."""
        return self._get(f"{name}/")

    def _get(self, path: str) -> str:
        status, text = self.server.page(f"/experiments/{self.task}/{path}")
        assert status == 200, text
        return text


class Reader:
    """The second process: it never calls Task.init, it only reads."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPTS / "read_back.py")],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, task: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        question = {"task": task, "method": method, "arguments": arguments, "keywords": keywords}
        with self._lock:
            print(json.dumps(question), file=self._process.stdin, flush=True)
            for line in self._process.stdout:
                if line.startswith(ANSWER):
                    answer = json.loads(line.removeprefix(ANSWER))
                    assert "error" not in answer, answer["error"]
                    return answer["value"]
        raise AssertionError("the reading process ended")

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


class Runs:
    """Starts scripts in the background, each once, and hands out what became of them."""

    def __init__(self, server: Server, reader: Reader, folder: Path) -> None:
        self.server = server
        self.reader = reader
        self._folder = folder
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._futures: dict[Script, Future[Run]] = {}
        self._homes = 0

    def start(self, script: Script) -> None:
        if script not in self._futures:
            self._homes += 1
            home = self._folder / str(self._homes)
            self._futures[script] = self._pool.submit(self.run, script, home)

    def __getitem__(self, script: Script) -> Run:
        self.start(script)
        return self._futures[script].result()

    def run(self, script: Script, home: Path, **environment: str) -> Run:
        """Runs it now. A home used before keeps what the SDK remembered there."""
        done = subprocess.run(
            self.command(script),
            cwd=prepare(home, script),
            env=self.environment(script, home) | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        told = f"{script}\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}"
        assert (done.returncode != 0) is script.fails, f"exit code {done.returncode} of {told}"
        found = _TASK_ID.search(done.stdout)
        task = found[1] or found[2] if found else dict(script.environment).get("CLEARML_TASK_ID")
        assert task, f"no experiment was made by {told}"
        return Run(task, done.stdout, done.stderr, self.server, self.reader)

    def command(self, script: Script) -> list[str]:
        python = script.packages.python() if script.packages else sys.executable
        return [str(python), script.file, *shlex.split(script.arguments)]

    def environment(self, script: Script, home: Path) -> dict[str, str]:
        return {**self.server.sdk_environment(home), **dict(script.environment)}

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def prepare(home: Path, script: Script) -> Path:
    """A home with the person's settings and the folder of scripts, apart from our repository."""
    folder = home / "scripts"
    shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
    (home / "clearml.conf").write_text(script.clearml_conf, encoding="utf-8")
    return folder
