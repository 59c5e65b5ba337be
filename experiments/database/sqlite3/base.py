"""Django's SQLite backend with a regular-expression engine that is linear in time.

Django's own uses Python's `re`, which a hostile pattern keeps busy for ever.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from experiments.rules.regexes import search


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.create_function("REGEXP", 2, search, deterministic=True)
        return connection
