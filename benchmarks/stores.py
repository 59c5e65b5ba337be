"""Databases of synthetic tasks: loaded once, kept, and copied for each run.

The copy is what a run writes to, so that every run starts from the same data.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.processes import ROOT, environment, manage

# A change of these makes the kept databases old; how their code is laid out does not.
SOURCES = ("experiments/migrations/*.py", "experiments/synthetic.py")
SQLITE_FILE = "tuneboard.sqlite3"


@dataclass(frozen=True)
class Loaded:
    """What is known of a kept database. Compact: after SQLite has rewritten the file."""

    fingerprint: str
    seconds: float
    bytes: int
    compact_bytes: int | None


class Store(Protocol):
    """One database system; `name` is how tables of results call it."""

    name: str

    def kept(self, tasks: int) -> Loaded:
        """Loads the database unless it is there already."""

    def copy(self, tasks: int) -> contextlib.AbstractContextManager[dict[str, str]]:
        """The environment of a server on a copy that goes away after the block."""


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(f"{path.name}\n{ast.unparse(ast.parse(path.read_text()))}\n".encode())
    return digest.hexdigest()


class SQLite:
    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, tasks: int) -> Loaded:
        home = self._home(tasks)
        if (loaded := _known(home)) is None:
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            seconds = _load(environment(TUNEBOARD_DATA=str(home)), tasks)
            loaded = _note(home, seconds, *self._sizes(home))
        return loaded

    @contextlib.contextmanager
    def copy(self, tasks: int) -> Iterator[dict[str, str]]:
        with _scratch(self._folder) as scratch:
            shutil.copy(self._home(tasks) / SQLITE_FILE, scratch)
            yield environment(TUNEBOARD_DATA=str(scratch))

    def _home(self, tasks: int) -> Path:
        return self._folder / f"sqlite-{tasks}"

    def _sizes(self, home: Path) -> tuple[int, int]:
        """Bytes of the file, its log folded in, and of a rewritten one."""
        file, compact = home / SQLITE_FILE, home / "compact.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM INTO ?", [str(compact)])
        sizes = file.stat().st_size, compact.stat().st_size
        compact.unlink()
        return sizes


class PostgreSQL:
    name = "PostgreSQL"

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url

    def kept(self, tasks: int) -> Loaded:
        home = self._folder / f"postgresql-{tasks}"
        database = self._database(tasks)
        with self._connect() as server:
            row = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            present = row.fetchone() is not None
        if not present or (loaded := _known(home)) is None:
            home.mkdir(parents=True, exist_ok=True)
            self._replace(database)
            seconds = _load(self._environment(home, database), tasks)
            loaded = _note(home, seconds, self._size(database), None)
        return loaded

    @contextlib.contextmanager
    def copy(self, tasks: int) -> Iterator[dict[str, str]]:
        database = f"{self._database(tasks)}_copy"
        self._replace(database, template=self._database(tasks))
        try:
            with _scratch(self._folder) as scratch:
                yield self._environment(scratch, database)
        finally:
            self._drop(database)

    def _database(self, tasks: int) -> str:
        return f"tuneboard_benchmark_{tasks}"

    def _url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{database}"))

    def _environment(self, data: Path, database: str) -> dict[str, str]:
        return environment(TUNEBOARD_DATA=str(data), TUNEBOARD_DATABASE_URL=self._url_of(database))

    def _connect(self, database: str = "") -> psycopg.Connection:
        url = self._url_of(database) if database else self._url
        return psycopg.connect(url, autocommit=True)

    def _replace(self, database: str, template: str = "template1") -> None:
        self._drop(database)
        with self._connect() as server:
            # A copy of the files is quicker than one through the write-ahead log.
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    def _drop(self, database: str) -> None:
        with self._connect() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _size(self, database: str) -> int:
        with self._connect(database) as connection:
            # What autovacuum does by itself a few minutes after so much was written.
            connection.execute("VACUUM ANALYZE")
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])


def _load(env: dict[str, str], tasks: int) -> float:
    manage(env, "migrate", "--verbosity", "0")
    started = time.monotonic()
    manage(env, "load_synthetic", str(tasks))
    return time.monotonic() - started


def _known(home: Path) -> Loaded | None:
    try:
        loaded = Loaded(**json.loads((home / "loaded.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return loaded if loaded.fingerprint == fingerprint() else None


def _note(home: Path, seconds: float, size: int, compact: int | None) -> Loaded:
    loaded = Loaded(fingerprint(), seconds, size, compact)
    (home / "loaded.json").write_text(json.dumps(asdict(loaded)))
    return loaded


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    scratch = folder / "run"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
