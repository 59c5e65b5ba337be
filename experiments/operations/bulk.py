"""Rows by the hundred thousand, for loaders: plain INSERTs, or COPY where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from experiments.models import Task
from experiments.operations.indexing import document_entries, kind_of, tag_entries
from experiments.queries.keys import INDEX_MODELS
from experiments.rules.values import IndexValue

MAX_PARAMETERS = 900
COLUMNS = ("project", "key", "value", "task")


class IndexBatch:
    """Index entries of many tasks, written in the order in which they are stored."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[int, int, IndexValue, int]]] = [[] for _ in INDEX_MODELS]

    def add(self, task: Task, key: int, value: IndexValue) -> None:
        self._rows[kind_of(value)].append((task.project_id, key, value, task.pk))

    def add_document(self, task: Task) -> None:
        entries = document_entries(task.hyperparams) | tag_entries(task.tags, task.system_tags)
        for key, value in entries:
            self.add(task, key, value)

    def write(self) -> None:
        for model, rows in zip(INDEX_MODELS, self._rows, strict=True):
            insert_many(model, COLUMNS, sorted(rows))


def insert_many(model: Any, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Rows of plain values into the columns of a model's table."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = f"({', '.join(['%s'] * len(columns))})"
        for chunk in _chunks(rows, MAX_PARAMETERS // len(columns)):
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * len(chunk))}",
                [value for row in chunk for value in row],
            )


def _chunks(rows: Sequence[tuple], size: int) -> Iterator[Sequence[tuple]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
