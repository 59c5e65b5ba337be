"""The peer's SQLite database, filled by SQL with the same synthetic tasks as ours.

What it cannot hold is left out: it has no types (each value is text), no drafts and no
user properties (they become parameters). Raw SQL spares it hours of its own client.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.stores import fingerprint
from experiments.synthetic import PROJECTS, SyntheticTask, synthetic_tasks

BATCH = 5_000
STATUS = {
    "completed": "FINISHED",
    "failed": "FAILED",
    "stopped": "KILLED",
    "created": "SCHEDULED",
    "published": "FINISHED",
    "in_progress": "RUNNING",
}
RUNS = (
    "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
    " start_time, end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
    " VALUES (?, ?, 'UNKNOWN', '', '', 'synthetic', ?, ?, ?, '', 'active', '', ?)"
)
PARAMS = "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)"
LATEST = (
    "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)"
    " VALUES (?, ?, ?, ?, ?, 0)"
)
METRICS = LATEST.replace("latest_metrics", "metrics")
TAGS = "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)"

Row = tuple[object, ...]


def filled_database(command: Path, folder: Path, tasks: int) -> tuple[Path, float | None]:
    """The file, and the seconds that filling it took if it was not there yet."""
    path = folder / f"mlflow-{tasks}" / "mlflow.db"
    stamp = path.with_name("fingerprint")
    if stamp.exists() and stamp.read_text() == fingerprint():
        return path, None
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True)
    subprocess.run(
        [command, "db", "upgrade", f"sqlite:///{path}"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started = time.monotonic()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        _fill(connection, tasks)
    stamp.write_text(fingerprint())
    return path, time.monotonic() - started


def _fill(connection: sqlite3.Connection, tasks: int) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.executemany(
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage,"
        " creation_time, last_update_time) VALUES (?, ?, '', 'active', 0, 0)",
        enumerate(PROJECTS, start=1),
    )
    source = synthetic_tasks(tasks)
    while batch := list(islice(source, BATCH)):
        _insert(connection, batch)
        connection.commit()
    connection.execute("ANALYZE")


def _insert(connection: sqlite3.Connection, batch: Iterable[SyntheticTask]) -> None:
    named = [(uuid.uuid4().hex, one) for one in batch]
    connection.executemany(RUNS, (_run(run, one) for run, one in named))
    connection.executemany(PARAMS, (row for run, one in named for row in _params(run, one)))
    metrics = [row for run, one in named for row in _metrics(run, one)]
    connection.executemany(LATEST, metrics)
    connection.executemany(METRICS, metrics)
    connection.executemany(TAGS, ((run, tag, "") for run, one in named for tag in one.tags))


def _run(run: str, one: SyntheticTask) -> Row:
    start = int(one.created.timestamp() * 1000)
    experiment = PROJECTS.index(one.project) + 1
    return run, one.name, STATUS[one.status], start, start + 1000 * one.seconds, experiment


def _params(run: str, one: SyntheticTask) -> Iterator[Row]:
    for section, items in one.hyperparams.items():
        for name, item in items.items():
            yield run, f"{section}/{name}", item.value


def _metrics(run: str, one: SyntheticTask) -> Iterator[Row]:
    now = int(one.created.timestamp() * 1000)
    for (metric, variant), found in one.metrics.items():
        yield run, f"{metric}/{variant}", found.last, now, one.iterations
