"""`only_fields`: which parts of an object a reply shows, and which columns that needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.sdk.get_all.names import split_path

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Paths to show (None: all of them) and paths to leave out; the id is always shown."""

    shown: frozenset[Path] | None = None
    hidden: frozenset[Path] = frozenset()

    def wants(self, name: str) -> bool:
        """Whether anything of a field is shown."""
        if (name,) in self.hidden and name != "id":
            return False
        return name == "id" or self.shown is None or any(p[0] == name for p in self.shown)

    def within(self, name: str) -> list[Path] | None:
        """What is wanted inside a field; None: all of it."""
        if self.shown is None or (name,) in self.shown:
            return None
        return [path[1:] for path in self.shown if path[0] == name]

    def apply(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The part of an object that is shown; nested fields stay where they were."""
        kept = dict(value) if self.shown is None else _only(value, [*self.shown, ("id",)])
        for path in self.hidden:
            if path != ("id",):
                kept = _without(kept, path)
        return kept


EVERYTHING = Projection()


def read_projection(only_fields: Sequence[str] | None) -> Projection:
    """`["id", "hyperparams.Args", "-script"]`; only exclusions show the rest."""
    names = [name.strip() for name in only_fields or () if name.strip()]
    shown = frozenset(split_path(name) for name in names if not name.startswith("-"))
    hidden = frozenset(split_path(name[1:]) for name in names if name.startswith("-"))
    return Projection(shown or None, hidden)


def columns_of(projection: Projection, columns: Mapping[str, Collection[str]]) -> list[str]:
    """The model's columns behind the fields that are shown."""
    wanted: Iterable[str] = (
        column for name, needed in columns.items() if projection.wants(name) for column in needed
    )
    return list(dict.fromkeys(wanted))


def _only(value: Any, paths: Collection[Path]) -> Any:
    if () in paths or not isinstance(value, Mapping):
        return value
    inside: dict[str, list[Path]] = {}
    for path in paths:
        inside.setdefault(path[0], []).append(path[1:])
    return {name: _only(value[name], rest) for name, rest in inside.items() if name in value}


def _without(value: Any, path: Path) -> Any:
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) == 1:
        return {name: inner for name, inner in value.items() if name != path[0]}
    return {**value, path[0]: _without(value[path[0]], path[1:])}
