"""The dictionary of keys: from names to the small numbers the index holds, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Q

from experiments.models import IndexedBoolean, IndexedNumber, IndexedText, Key

INDEX_MODELS = (IndexedNumber, IndexedBoolean, IndexedText)
Name = tuple[str, str]


def find_keys(source: str, names: Iterable[Name]) -> dict[Name, int]:
    """The ids of the names that exist; one query, whatever the number of sections."""
    by_section: dict[str, list[str]] = {}
    for section, name in names:
        by_section.setdefault(section, []).append(name)
    found: dict[Name, int] = {}
    for section, section_names in by_section.items():
        for start in range(0, len(section_names), 500):
            rows = Key.objects.filter(
                source=source, section=section, name__in=section_names[start : start + 500]
            ).values_list("section", "name", "id")
            found.update({(s, n): key_id for s, n, key_id in rows})
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
