"""Writes the parameter index. Nobody else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from experiments.models import Key, MetricSummary, Source, Task
from experiments.queries.keys import INDEX_MODELS, Name, find_keys
from experiments.rules.document import Document, flatten
from experiments.rules.values import INDEXED_TEXT_LENGTH, IndexValue, index_value

Entry = tuple[int, IndexValue]

_KIND = {float: 0, bool: 1, str: 2}
_CHUNK = 200


def key_ids(source: str, names: Iterable[Name]) -> dict[Name, int]:
    """Ids for all the names, made where they are new; a key once made is kept."""
    wanted = list(dict.fromkeys(names))
    ids = find_keys(source, wanted)
    # In one order, so that two transactions with the same new names do not block each other.
    new = sorted(name for name in wanted if name not in ids)
    if new:
        Key.objects.bulk_create(
            [Key(source=source, section=section, name=name) for section, name in new],
            ignore_conflicts=True,
        )
        ids |= find_keys(source, new)
    return ids


def document_entries(document: Document) -> set[Entry]:
    values = {
        (section, name): value
        for section, name, item in flatten(document)
        if (value := index_value(item.value, item.type)) is not None
    }
    ids = key_ids(Source.PARAMETER, values)
    return {(ids[name], value) for name, value in values.items()}


def tag_entries(tags: Iterable[str], system_tags: Iterable[str]) -> set[Entry]:
    entries: set[Entry] = set()
    for source, names in ((Source.TAG, tags), (Source.SYSTEM_TAG, system_tags)):
        if names := list(names):
            key = key_ids(source, [("", "")])["", ""]
            entries |= {(key, name[:INDEXED_TEXT_LENGTH]) for name in names}
    return entries


def summary_entries(summaries: Iterable[MetricSummary]) -> set[Entry]:
    """The entries of metric summaries whose keys are loaded."""
    values: list[tuple[str, Name, float]] = []
    for summary in summaries:
        name = (summary.key.section, summary.key.name)
        values += [
            (source, name, number)
            for source, number in (
                (Source.LAST, summary.value),
                (Source.MIN, summary.min_value),
                (Source.MAX, summary.max_value),
            )
            if number is not None
        ]
    ids = {
        source: key_ids(source, [name for found, name, _ in values if found == source])
        for source in (Source.LAST, Source.MIN, Source.MAX)
    }
    return {(ids[source][name], number) for source, name, number in values}


def task_entries(task: Task) -> set[Entry]:
    """Everything the index must hold for a task: the reference of `check_index`."""
    return (
        document_entries(task.hyperparams)
        | tag_entries(task.tags, task.system_tags)
        | summary_entries(MetricSummary.objects.filter(task=task).select_related("key"))
    )


def replace_index(project_id: int, task_id: int, old: set[Entry], new: set[Entry]) -> None:
    """Makes the index say `new` where it said `old`, touching only what differs."""
    gone, come = _by_kind(old), _by_kind(new)
    with connection.cursor() as cursor:
        for kind, model in enumerate(INDEX_MODELS):
            table = connection.ops.quote_name(model._meta.db_table)
            _execute(
                cursor,
                f"DELETE FROM {table} WHERE project = %s AND key = %s AND value = %s AND task = %s",
                [(project_id, key, value, task_id) for key, value in gone[kind] - come[kind]],
            )
            _insert(
                cursor,
                table,
                [(project_id, key, value, task_id) for key, value in come[kind] - gone[kind]],
            )


def move_index(old_project: int, task: Task, entries: set[Entry]) -> None:
    replace_index(old_project, task.id, entries, set())
    replace_index(task.project_id, task.id, set(), entries)


def kind_of(value: IndexValue) -> int:
    return _KIND[type(value)]


def _by_kind(entries: set[Entry]) -> list[set[Entry]]:
    kinds: list[set[Entry]] = [set(), set(), set()]
    for key, value in entries:
        kinds[_KIND[type(value)]].add((key, value))
    return kinds


def _execute(cursor: object, sql: str, rows: list[tuple]) -> None:
    if rows:
        cursor.executemany(sql, rows)  # type: ignore[attr-defined]


def _insert(cursor: object, table: str, rows: list[tuple]) -> None:
    columns = "(project, key, value, task)"
    for chunk in _chunks(rows):
        places = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
        cursor.execute(  # type: ignore[attr-defined]
            f"INSERT INTO {table} {columns} VALUES {places} ON CONFLICT DO NOTHING",
            [part for row in chunk for part in row],
        )


def _chunks(rows: list[tuple]) -> Iterator[list[tuple]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
