"""What must be in order before pages are served: the database's tables and the static files."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from experiments.errors import UserNotFound
from experiments.operations.accounts import ensure_user
from experiments.queries.accounts import user_named
from webui.serving import CannotServe

OLDEST_SQLITE = (3, 37)
EXAMPLE_AUTHOR = "example.author"
EXAMPLES = 300


def prepare_database() -> bool:
    """Brings the tables up to date; whether anything was to be done."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise CannotServe(
            f"This Python brings SQLite {sqlite3.sqlite_version}; {needed} or newer is needed."
        )
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise CannotServe(f"The database cannot be opened: {reason}.") from None
    _refuse_newer_tables(executor)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return True


def _refuse_newer_tables(executor: MigrationExecutor) -> None:
    """An older program on newer tables would lose what it does not know."""
    ours = executor.loader.migrated_apps
    unknown = [
        name
        for name in executor.loader.applied_migrations
        if name[0] in ours and name not in executor.loader.disk_migrations
    ]
    if unknown:
        raise CannotServe(
            f"The database was made by a newer Tuneboard (it has {'.'.join(max(unknown))});"
            " start that version, or use another data folder."
        )


def load_examples() -> None:
    """Experiments to look around in, once.

    Their author cannot sign in, so the set-up of a new server stays open to its owner.
    """
    try:
        user_named(EXAMPLE_AUTHOR)
    except UserNotFound:
        ensure_user(username=EXAMPLE_AUTHOR, full_name="Example data", active=False)
        call_command("load_synthetic", EXAMPLES, user=EXAMPLE_AUTHOR)


def prepare_static_files() -> bool:
    """Collects, hashes and compresses static files if they changed; whether they had."""
    fingerprint = _fingerprint_of_sources()
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    stamp.write_text(fingerprint)
    return True


def _fingerprint_of_sources() -> str:
    """Names, sizes and times of all source files: a look at each, but no reading."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            _add(digest, name, Path(storage.path(name)))
    return digest.hexdigest()


def _add(digest: Any, name: str, path: Path) -> None:
    facts = path.stat()
    digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
