"""The line above each result: what it ran on, and how busy that was."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import number

WRITES = 50
PAGE = 4096


def machine_line(folder: Path) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {memory:.0f} GiB,"
        f" Python {platform.python_version()}; before it started: load"
        f" {os.getloadavg()[0]:.1f}, a durable write {number(sync_milliseconds(folder))} ms\n"
    )


def sync_milliseconds(folder: Path) -> float:
    """The median of appending a page and waiting for the disk: no commit can be quicker."""
    folder.mkdir(parents=True, exist_ok=True)
    seconds = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(WRITES):
            started = time.perf_counter()
            file.write(bytes(PAGE))
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds)
