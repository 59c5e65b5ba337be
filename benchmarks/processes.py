"""Processes that are measured: started, waited for, weighed and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Client, Request, Unexpected

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 120


@dataclass(frozen=True)
class Memory:
    """Proportional set size in MiB: of all memory, and of what is no mapped file."""

    total: float
    without_files: float


def environment(**chosen: str) -> dict[str, str]:
    """Ours without settings that would change what is measured."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TUNEBOARD_", "DJANGO_", "CLEARML_", "MLFLOW_"))
    }
    return inherited | chosen


def manage(env: Mapping[str, str], *arguments: str) -> str:
    """Output of a management command."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(
    command: Sequence[str], env: Mapping[str, str], *, port: int, health: str, log: Path
) -> Iterator[int]:
    """Runs a server while the block runs; gives its process id once it is healthy."""
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for(process, port, health, log)
        yield process.pid
    except Unexpected:
        print(log.read_text()[-2000:], file=sys.stderr)
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # its own group: itself and its workers
        process.wait(timeout=60)


def _wait_for(process: subprocess.Popen[bytes], port: int, health: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, Unexpected):
            Client(port).ask(Request(health))
            return
        time.sleep(0.1)
    sys.exit(f"The server did not start:\n{log.read_text()[-2000:]}")


def memory_of(pid: int) -> Memory:
    """What a process and all its descendants take together."""
    found = [_rollup(one) for one in _family(pid)]
    total = sum(one["Pss"] for one in found) / 1024
    return Memory(total, total - sum(one["Pss_File"] for one in found) / 1024)


def processor_seconds(pid: int) -> float:
    """How long a process and its descendants have kept a processor busy."""
    return sum(_busy(one) for one in _family(pid))


def _busy(pid: int) -> float:
    """From the scheduler, to the nanosecond; `stat` counts in hundredths of a second."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def _family(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return [pid, *(one for child in children for one in _family(child))]


def _rollup(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
