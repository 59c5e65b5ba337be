"""The dictionary of keys: from names to the small numbers the index holds, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from django.db import connection, transaction
from django.db.models import Q

from experiments.models import IndexedBoolean, IndexedNumber, IndexedText, Key

INDEX_MODELS = (IndexedNumber, IndexedBoolean, IndexedText)
Name = tuple[str, str]


# Keys are never removed, so an id once committed holds for as long as the process runs.
_known: dict[tuple[str, str, str], int] = {}
_KNOWN_LIMIT = 50_000
_CHUNK = 500


def find_keys(source: str, names: Iterable[Name]) -> dict[Name, int]:
    """The ids of the names that exist."""
    wanted = list(dict.fromkeys(names))
    ids = {name: _known[source, *name] for name in wanted if (source, *name) in _known}
    unknown = [name for name in wanted if name not in ids]
    if unknown:
        found = _read_keys(source, unknown)
        # At once when everything one sees is committed, else together with the transaction.
        transaction.on_commit(partial(_remember, source, found))
        ids |= found
    return ids


def forget_keys() -> None:
    """Empties the cache: for tests that empty the database under it."""
    _known.clear()


def _remember(source: str, ids: dict[Name, int]) -> None:
    if len(_known) > _KNOWN_LIMIT:
        _known.clear()
    _known.update({(source, *name): key for name, key in ids.items()})


def _read_keys(source: str, names: Iterable[Name]) -> dict[Name, int]:
    by_section: dict[str, list[str]] = {}
    for section, name in names:
        by_section.setdefault(section, []).append(name)
    found: dict[Name, int] = {}
    for section, section_names in by_section.items():
        for start in range(0, len(section_names), _CHUNK):
            chunk = section_names[start : start + _CHUNK]
            rows = Key.objects.filter(source=source, section=section, name__in=chunk)
            found.update({(s, n): key for s, n, key in rows.values_list("section", "name", "id")})
    return found


def known_keys(
    projects: Iterable[int], sources: Iterable[str] = ("parameter", "last")
) -> list[Key]:
    """Every key that occurs in the projects, in order of source, section and name."""
    ids = {key for project in projects for key in _keys_in_project(project)}
    condition = Q(source__in=list(sources))
    keys = [key for key in Key.objects.filter(condition) if key.id in ids]
    return sorted(keys, key=lambda key: (key.source, key.section, key.name))


def _keys_in_project(project: int) -> Iterator[int]:
    """Skips from one key to the next along the cluster: one seek a key, not a row a task."""
    with connection.cursor() as cursor:
        for model in INDEX_MODELS:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                "WITH RECURSIVE seen(key) AS ("
                f" SELECT min(key) FROM {table} WHERE project = %s"
                " UNION ALL"
                f" SELECT (SELECT min(key) FROM {table} WHERE project = %s AND key > seen.key)"
                " FROM seen WHERE seen.key IS NOT NULL)"
                " SELECT key FROM seen WHERE key IS NOT NULL",
                [project, project],
            )
            yield from (row[0] for row in cursor.fetchall())
