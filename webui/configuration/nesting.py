"""Names that nest (`model/encoder/dim`) as an indented tree.

Slashes nest, since the SDK writes a dictionary in a dictionary with them. Dots nest where a
section has no slash at all and its dotted names are paths of identifiers of which some share a
beginning, the way Hydra, jsonargparse and LightningCLI write them: a dot in `v1.5`, in a file's
name or beside slashes belongs to the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_LEVELS = 8  # of groups; the rest of a deeper name is its label
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`prefix` is what the names in it begin with."""

    prefix: str
    label: str
    depth: int
    count: int


def separator_of(names: Iterable[str]) -> str:
    """`/`, `.` or "": what nests the names of a section, if two of them share a group."""
    nested = [name for name in names if "/" in name]
    if nested:
        return "/" if _share_a_group(nested, "/") else ""
    dotted = [name for name in names if "." in name]
    if dotted and all(_DOTTED.fullmatch(name) for name in dotted):
        return "." if _share_a_group(dotted, ".") else ""
    return ""


def path_of(name: str, separator: str) -> Path:
    """The groups a name lies in; none where a part of it would be empty."""
    if not separator or separator not in name:
        return ()
    parts = name.split(separator)
    return tuple(parts[:-1][:MOST_LEVELS]) if all(parts) else ()


def in_tree_order(names: Sequence[str], separator: str) -> list[str]:
    """The names with those of one group together; groups and values in the order they came."""
    first: dict[Path, int] = {}
    places: dict[str, tuple[int, ...]] = {}
    for position, name in enumerate(names):
        path = path_of(name, separator)
        groups = (first.setdefault(path[:level], position) for level in range(1, len(path) + 1))
        places[name] = (*groups, position)
    return sorted(names, key=places.__getitem__)


def counted_groups(names: Iterable[str], separator: str) -> Counter[Path]:
    return Counter(
        path[:level]
        for path in (path_of(name, separator) for name in names)
        for level in range(1, len(path) + 1)
    )


def opened_groups(
    before: Path, path: Path, separator: str, counts: Counter[Path]
) -> Iterator[Group]:
    """The groups that begin between a name in `before` and the next one, in `path`."""
    same = next(
        (level for level, pair in enumerate(zip(before, path, strict=False)) if len(set(pair)) > 1),
        min(len(before), len(path)),
    )
    for level in range(same, len(path)):
        inside = path[: level + 1]
        yield Group(separator.join(inside), path[level], level, counts[inside])


def _share_a_group(names: Iterable[str], separator: str) -> bool:
    seen: set[Path] = set()
    for name in names:
        path = path_of(name, separator)[:1]
        if path and path in seen:
            return True
        seen.add(path)
    return False
