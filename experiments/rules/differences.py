"""What differs between two states of a document, as the entries its history gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from experiments.rules.document import PROPERTIES, Document, Item

Key = tuple[str, str]
Pair = tuple[Key, Item | None, Item | None]


class Change(NamedTuple):
    """`what`: parameters, properties, type, description, name, section name, configuration,
    object type, object about, section, facts, execution, status, lock or reveal.

    `old_parts` are type and description of what is gone: its value alone would not bring it back.
    """

    what: str
    key: str
    old: str | None
    new: str | None
    old_parts: list[str | None] | None = None


def differing(before: Document, after: Document) -> Iterator[Pair]:
    """The parameters that differ, section by section: most have not changed at all."""
    nothing: dict[str, Item] = {}
    for section in dict.fromkeys([*after, *before]):
        old, new = before.get(section, nothing), after.get(section, nothing)
        if old == new:
            continue
        for name, item in new.items():
            was = old.get(name)
            if was is not item and was != item:
                yield (section, name), was, item
        for name, was in old.items():
            if name not in new:
                yield (section, name), was, None


def parameter_changes(
    before: Document, after: Document, pairs: Sequence[Pair], renames: Mapping[Key, Key]
) -> Iterator[Change]:
    """`pairs` are what differs by name; `renames` says what each new name was before."""
    if not renames:
        for pair in pairs:
            yield from item_changes(*pair)
        return
    away = set(renames.values())
    sections = _section_renames(before, after, renames)
    for section, old_section in sections.items():
        yield Change("section name", section, old_section, section)
    for new, old in renames.items():
        known = (new[0], old[1]) if sections.get(new[0]) == old[0] else old
        if known != new:
            yield Change("name", "/".join(new), "/".join(known), "/".join(new))
        yield from item_changes(new, _find(before, old), _find(after, new))
    for key in dict.fromkeys([*(pair[0] for pair in pairs), *renames, *away]):
        gone = None if key in away else _find(before, key)
        come = None if key in renames else _find(after, key)
        if gone != come:
            yield from item_changes(key, gone, come)


def _section_renames(
    before: Document, after: Document, renames: Mapping[Key, Key]
) -> dict[str, str]:
    """New and old name of each section that moved as a whole, into a place that was free."""
    pairs = {(new[0], old[0]) for new, old in renames.items()}
    away = set(renames.values())

    def keeps_some(section: str) -> bool:
        return any(
            (section, name) not in renames and (section, name) not in away
            for name in after.get(section, {}).keys() & before.get(section, {}).keys()
        )

    froms, tos = Counter(old for _, old in pairs), Counter(new for new, _ in pairs)
    return {
        new: old
        for new, old in sorted(pairs)
        if new != old and froms[old] == tos[new] == 1 and not (keeps_some(new) or keeps_some(old))
    }


def item_changes(key: Key, old: Item | None, new: Item | None) -> Iterator[Change]:
    what = "properties" if key[0] == PROPERTIES else "parameters"
    full = "/".join(key)
    # A parameter without a recorded value is there all the same: "" stands for it.
    if old is None:
        yield Change(what, full, None, new and (new.value or ""))
    elif new is None:
        yield Change(what, full, old.value or "", None, parts(old.type, old.description))
    else:
        for part, was, becomes in zip((what, "type", "description"), old, new, strict=True):
            if (was or "") != (becomes or ""):
                yield Change(part, full, was or "", becomes or "")


def parts(type_: str | None, description: str | None) -> list[str | None] | None:
    return [type_, description] if type_ or description else None


def _find(document: Document, key: Key) -> Item | None:
    return document.get(key[0], {}).get(key[1])
