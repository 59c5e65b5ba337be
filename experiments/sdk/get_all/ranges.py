"""Ranges: `[least, greatest]`, either of them null, or texts such as `>=2024-01-01`."""

from __future__ import annotations

import re
from typing import Any

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Field, Kind
from experiments.rules.filters.tree import EVERYTHING, Compare, Literal, Node, all_of

_COMPARISON = re.compile(r"\s*(>=|<=|==|!=|=|>|<)\s*(.*)", re.DOTALL)


def range_node(field: Field, value: Any, *, at: str) -> Node:
    """Raises InvalidField for what is neither a range nor a comparison."""
    if value is None:
        return EVERYTHING
    values = value if isinstance(value, list) else [value]
    if any(isinstance(entry, str) and _COMPARISON.match(entry) for entry in values):
        return all_of(*(_comparison(field, entry, at) for entry in values if entry is not None))
    if len(values) == 1:
        return Compare(field, "=", _literal(field, values[0], at))
    if len(values) != 2:
        raise InvalidField(f"{at}: a range is [least, greatest]", field=at)
    bounds = zip((">=", "<="), values, strict=True)
    return all_of(
        *(
            Compare(field, op, _literal(field, bound, at))
            for op, bound in bounds
            if bound is not None
        )
    )


def _comparison(field: Field, text: Any, at: str) -> Node:
    found = _COMPARISON.match(text) if isinstance(text, str) else None
    if found is None:
        raise InvalidField(f"{at}: a comparison is written like >=2024-01-01", field=at)
    op = "=" if found[1] == "==" else found[1]
    return Compare(field, op, _literal(field, found[2].strip(), at))


def _literal(field: Field, value: Any, at: str) -> Literal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidField(f"{at}: a bound is a number or a time", field=at)
    literal = Literal(value if isinstance(value, str) else repr(value))
    understood: dict[Kind | None, object] = {
        Kind.INSTANT: literal.span,
        Kind.DURATION: literal.seconds,
        Kind.WHOLE: literal.whole,
    }
    kind = field.kind if isinstance(field, Builtin) else None
    if understood.get(kind, literal.number) is None:
        wanted = "a time such as 2024-01-31T12:00:00" if kind is Kind.INSTANT else "a number"
        raise InvalidField(f"{at}: {wanted} is needed", field=at)
    return literal
