"""System checks of the database: what makes an acknowledged write a kept one.

Asked of the open connection, not of the settings, because that is what holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

# Each against an accident that was measured: see docs/storage.md.
PRAGMAS = {
    "journal_mode": ("wal", "readers and writers would lock each other out"),
    "synchronous": (2, "a power cut could lose acknowledged writes"),
    "foreign_keys": (1, "rows could point at nothing"),
}
PARAMETERS = {
    "synchronous_commit": (
        lambda found: found == "off",
        "a crash could lose acknowledged writes",
    ),
    "server_encoding": (
        lambda found: found != "UTF8",
        "not every name and value could be kept; make the database with ENCODING 'UTF8'",
    ),
}


@register(Tags.database)
def check_database(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            faults = FAULTS[connection.vendor](connection)
        except DatabaseError as error:
            faults = [f"the database cannot be opened: {error}"]
        found += [Error(fault, id="experiments.E001") for fault in faults]
    return found


def sqlite_faults(connection: Any) -> list[str]:
    """What is wrong with an open SQLite connection, each as a sentence."""
    faults = []
    with connection.cursor() as cursor:
        if connection.transaction_mode != "IMMEDIATE":  # known once a connection is open
            faults.append("transaction_mode is not IMMEDIATE: concurrent writers would fail")
        for pragma, (wanted, why) in PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != wanted:
                faults.append(f"SQLite's {pragma} is {found}, not {wanted}: {why}")
    return faults


def postgresql_faults(connection: Any) -> list[str]:
    """What is wrong with an open PostgreSQL connection, each as a sentence."""
    faults = []
    with connection.cursor() as cursor:
        for parameter, (refused, why) in PARAMETERS.items():
            cursor.execute(f"SHOW {parameter}")
            found = cursor.fetchone()[0]
            if refused(found):
                faults.append(f"PostgreSQL's {parameter} is {found}: {why}")
    return faults


FAULTS = {"sqlite": sqlite_faults, "postgresql": postgresql_faults}
