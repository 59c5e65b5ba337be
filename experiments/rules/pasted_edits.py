"""What pasted parameters would make of a document: where each goes, and whether it may.

A value under a recorded type keeps the type where it fits; where it does not and the text says
another, that is a change of type, for the person to confirm. A text copied from the document
itself changes nothing, although the copy has `0.1` for a `0.10` and a mask for a secret.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from experiments.errors import InvalidField
from experiments.rules.copying import finite
from experiments.rules.document import PROPERTIES, Document, Item, split_key
from experiments.rules.parameters import checked_key
from experiments.rules.pasting import Row, as_the_sdk_writes
from experiments.rules.redaction import MASK
from experiments.rules.types import infer_type, type_error, typed_value


class State(StrEnum):
    NEW = "new"
    CHANGES = "changes"
    RETYPES = "changes type"
    SAME = "same"
    WRONG = "wrong"


class Planned(NamedTuple):
    """`old` None: there is no such parameter. `reason` says what is wrong."""

    section: str
    name: str
    old: Item | None
    new: Item
    state: State
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.section}/{self.name}"


def planned(document: Document, rows: Sequence[Row], section: str = "") -> list[Planned]:
    """For pasting into `section`, or into the whole where the names begin with sections."""
    places = _Places(document, section, rows)
    taken: set[tuple[str, str]] = set()
    plan: list[Planned] = []
    for pasted in rows:
        key, row = places.of(pasted)
        item = Item(row.value, row.type or None)
        try:
            key = checked_key(*key, "parameter")
        except InvalidField as error:
            plan.append(Planned(*key, None, item, State.WRONG, error.detail))
            continue
        old = document.get(key[0], {}).get(key[1])
        if key in taken:
            plan.append(Planned(*key, old, item, State.WRONG, "is in the text twice"))
        else:
            taken.add(key)
            plan.append(Planned(*key, old, *_outcome(row, old)))
    return plan


def dictionaries(document: Document, section: str = "") -> set[str]:
    """Names, as a text may have them, of parameters that hold a dictionary: it stays whole."""
    found = set()
    for each, items in document.items():
        for name, item in items.items():
            value = item.value or ""
            if value[:1] == "{" and isinstance(typed_value(value, item.type), dict):
                found |= {f"{each}/{name}"} | ({name} if each == section else set())
    return found


def _outcome(row: Row, old: Item | None) -> tuple[Item, State, str]:
    if row.value == MASK:
        masked = Item(row.value) if old is None else old._replace(value=row.value)
        return masked, State.WRONG, "is masked in the text; its value stays"
    if old is None:
        new = Item(row.value, infer_type(row.value) if row.type is None else row.type or None)
        wrong = type_error(new.value or "", new.type)
        return new, State.WRONG if wrong else State.NEW, wrong or ""
    if row.value == (old.value or "") or (row.type is not None and _is_copy_of(row, old)):
        return old, State.SAME, ""
    kept = old._replace(value=row.value)
    wrong = type_error(row.value, old.type, before=old.value, description=old.description)
    if not wrong:
        return kept, State.CHANGES, ""
    if row.type and type_error(row.value, row.type) is None:
        return kept._replace(type=row.type), State.RETYPES, ""
    return kept, State.WRONG, wrong


def _is_copy_of(row: Row, old: Item) -> bool:
    """Whether the old value, copied out with its type, reads as the row does."""
    value = typed_value(old.value, old.type)
    written = {as_the_sdk_writes(each)[0] for each in (value, finite(value))}
    if isinstance(value, bool) and row.value.lower() == str(value).lower():
        return True
    return row.value in written


class _Places:
    """Finds the section and name that a row of the text is about."""

    def __init__(self, document: Document, section: str, rows: Sequence[Row]) -> None:
        self._document = document
        self._section = section
        # A copy of one section has the section as its only level.
        prefix = f"{section}/"
        self._nested = bool(section and rows) and all(row.name.startswith(prefix) for row in rows)

    def of(self, row: Row) -> tuple[tuple[str, str], Row]:
        if row.is_key or self._nested:
            return split_key(row.name), row
        if self._section:
            return self._known(row, [self._section]) or ((self._section, row.name), row)
        head, slash, _ = row.name.partition("/")
        if slash and (head in self._document or head.lower() == PROPERTIES):
            return split_key(row.name), row
        return self._known(row, list(self._document)) or (split_key(row.name), row)

    def _known(self, row: Row, sections: list[str]) -> tuple[tuple[str, str], Row] | None:
        """The one parameter of these sections that the name means, as options are written."""
        for name in self._spellings(row):
            found = [each for each in sections if name in self._document.get(each, {})]
            if len(found) == 1:
                value = row.value if not self._negates(row, name) else "False"
                return (found[0], name), row._replace(value=value)
        return None

    def _spellings(self, row: Row) -> Iterator[str]:
        yield row.name
        yield from self._dashed.get(row.name, ())
        if row.type == "bool" and row.name.startswith("no"):
            yield row.name[2:]

    def _negates(self, row: Row, name: str) -> bool:
        return row.type == "bool" and row.name == f"no{name}"

    @cached_property
    def _dashed(self) -> dict[str, list[str]]:
        """Names with dashes by what argparse makes of them."""
        found: dict[str, list[str]] = defaultdict(list)
        for items in self._document.values():
            for name in items:
                if "-" in name:
                    found[name.replace("-", "_")].append(name)
        return found
