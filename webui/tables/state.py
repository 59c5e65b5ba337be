"""The state of the experiment table, which is its address and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.errors import InvalidField, InvalidFilter
from experiments.rules.fields import (
    Builtin,
    Derived,
    Field,
    OrderTerm,
    columns_text,
    order_text,
    parse_columns,
    parse_order,
)
from experiments.rules.filters import EVERYTHING, Node, conjuncts, parse, to_text, without
from webui.tables.columns import DEFAULT_COLUMNS

LIMIT, MOST = 50, 100
MOST_COLUMNS = 60

_DEFAULT = tuple(Builtin(name) for name in DEFAULT_COLUMNS)
_NAME = Builtin("name")

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of the filter, and the address without it."""

    text: str
    removed: str


@dataclass(frozen=True, slots=True)
class TableState:
    """`filter_error` and `notes` say what of an address could not be understood."""

    columns: tuple[Field | Derived, ...] = _DEFAULT
    order: tuple[OrderTerm, ...] = ()
    where: Node = EVERYTHING
    filter_text: str = ""
    filter_error: InvalidFilter | None = None
    notes: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    limit: int = LIMIT
    archived: bool = False

    def address(self, **changes: Any) -> str:
        """The query string of this state with `changes`; a changed list starts at its top."""
        if not {"after", "before"} & changes.keys():
            changes |= {"after": None, "before": None}
        if "where" in changes:
            changes["filter_text"] = to_text(changes["where"])
        return replace(self, **changes)._query()

    def _query(self) -> str:
        parts = {
            "columns": "" if self.columns == _DEFAULT else _columns_text(self.columns),
            "order": order_text(self.order),
            "filter": self.filter_text,
            "archived": "1" if self.archived else "",
            "limit": "" if self.limit == LIMIT else str(self.limit),
            "after": self.after or "",
            "before": self.before or "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def sort_address(self, field: Field, *, descending_first: bool, add: bool = False) -> str:
        """Where a click on a header leads: a direction, the other one, then no order by it.

        `add` keeps the other terms and puts a new one behind them.
        """
        return self.address(order=self._sorted_by(field, descending_first, add))

    def _sorted_by(self, field: Field, first: bool, add: bool) -> tuple[OrderTerm, ...]:
        present = next((term for term in self.order if term.field == field), None)
        if present is None:
            return (*(self.order if add else ()), OrderTerm(field, first))
        if present.descending == first:
            turned = OrderTerm(field, not first)
            return tuple(turned if term is present else term for term in self.order)
        return tuple(term for term in self.order if term is not present)

    @property
    def chips(self) -> list[Chip]:
        if self.where == EVERYTHING:
            return []
        return [
            Chip(to_text(part), self.address(where=without(self.where, index)))
            for index, part in enumerate(conjuncts(self.where))
        ]


# Every header of a page writes the same columns into its two addresses.
_columns_text = lru_cache(maxsize=256)(columns_text)


def read_state(query: QueryDict) -> TableState:
    """What an address asks for; parts that make no sense are reported, not obeyed."""
    notes: list[str] = []
    columns = _read(parse_columns, ",".join(query.getlist("columns")), notes)
    order = _read(parse_order, query.get("order", ""), notes)
    text = query.get("filter", "").strip()
    where, error = _read_filter(text)
    return TableState(
        columns=_with_name(columns[:MOST_COLUMNS]) if columns else _DEFAULT,
        order=order,
        where=where,
        filter_text=text,
        filter_error=error,
        notes=tuple(notes),
        after=query.get("after") or None,
        before=query.get("before") or None,
        limit=_read_limit(query.get("limit", "")),
        archived=query.get("archived") == "1",
    )


def _read(
    parser: Callable[[str], tuple[Parsed, ...]], text: str, notes: list[str]
) -> tuple[Parsed, ...]:
    try:
        return parser(text)
    except InvalidField as error:
        notes.append(f"{(error.field or 'address').capitalize()}: {error.detail}.")
        return ()


def _read_filter(text: str) -> tuple[Node, InvalidFilter | None]:
    try:
        return parse(text), None
    except InvalidFilter as error:
        return EVERYTHING, error


def _with_name(columns: tuple[Field | Derived, ...]) -> tuple[Field | Derived, ...]:
    """The name leads every row: it is the link. A column given twice stands once."""
    return tuple(dict.fromkeys((_NAME, *columns)))


def _read_limit(text: str) -> int:
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() else LIMIT
