"""A migration operation that clusters a table by its primary key."""

from __future__ import annotations

from typing import Any

from django.db.migrations import CreateModel


class CreateClusteredModel(CreateModel):
    """CreateModel whose rows are stored inside the primary key where the database can.

    SQLite: WITHOUT ROWID, a third of the size of a table plus index. PostgreSQL has no such
    tables; there the key's index alone is read.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.sql_create_table += " WITHOUT ROWID"
        try:
            super().database_forwards(app_label, schema_editor, *states)
        finally:
            vars(schema_editor).pop("sql_create_table", None)
