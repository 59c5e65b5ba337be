"""What may be asked about which field, and with which values; builds the checked conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Field, Kind, Metric, field_text, shortened
from experiments.rules.filters.tree import COMPARISONS, Literal
from experiments.rules.status import LABELS, Status

_EQUALITY = ("=", "!=", "in")
_ORDERED = (*COMPARISONS, "in")
_TEXTUAL = (*_ORDERED, "~", "matches")
_PRESENCE = ("exists", "missing")

_OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: _TEXTUAL,
    Kind.NAMED: _TEXTUAL,
    Kind.STATUS: _EQUALITY,
    Kind.TAGS: (*_EQUALITY, "~", "matches"),
    Kind.INSTANT: _ORDERED,
    Kind.WHOLE: _ORDERED,
    Kind.DURATION: _ORDERED,
    Kind.FLAG: _EQUALITY,
}


@dataclass(frozen=True, slots=True)
class _Values:
    """What a field is compared with: how to say it, and whether a literal is one."""

    expected: str
    accepts: Callable[[Literal], bool]


_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_VALUES = {
    Kind.WHOLE: _Values("a whole number", lambda literal: literal.whole is not None),
    Kind.DURATION: _Values(
        "seconds or a text such as 90s, 15m, 2h or 3d", lambda literal: literal.seconds is not None
    ),
    Kind.INSTANT: _Values(
        "a time such as 2026-11-24 or “2026-11-24 10:30”", lambda literal: literal.span is not None
    ),
    Kind.FLAG: _Values("true or false", lambda literal: literal.text.lower() in _FLAGS),
}
_METRIC_VALUES = _Values("a number", lambda literal: literal.number is not None)
_STATUSES = {str(status): status for status in Status} | {
    label.lower(): status for status, label in LABELS.items()
}


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators that make sense for a field, `not in` and `!~` aside."""
    if isinstance(field, Builtin):
        return (*_OPERATORS[field.kind], *_PRESENCE)
    if isinstance(field, Metric):
        return (*_ORDERED, *_PRESENCE)
    return (*_TEXTUAL, *_PRESENCE)


def check_operator(field: Field, op: str) -> None:
    allowed = operators_of(field)
    if op not in allowed:
        raise InvalidField(
            f"{shortened(field_text(field))} cannot be asked with {op}, "
            f"but with {', '.join(allowed)}"
        )


def expected_value(field: Field) -> str:
    """What a literal of this field should be, in words."""
    if _kind(field) is Kind.STATUS:
        return "one of " + ", ".join(label.lower() for label in LABELS.values())
    values = _values(field)
    return values.expected if values else "a value"


def checked_literal(field: Field, literal: Literal) -> Literal:
    """The literal as the tree keeps it for this field; InvalidField when it is of no use."""
    found = _as_kept(field, literal)
    if found is None:
        raise InvalidField(
            f"{shortened(field_text(field))} is compared with {expected_value(field)}, "
            f"not with “{shortened(literal.text)}”"
        )
    return found


def _as_kept(field: Field, literal: Literal) -> Literal | None:
    kind = _kind(field)
    if kind is Kind.STATUS:
        status = _STATUSES.get(literal.text.lower())
        return Literal(status.value) if status else None
    if kind is Kind.TAGS and (literal.number is not None or literal.boolean is not None):
        # A tag is a text, whatever it looks like.
        return Literal(literal.text, quoted=True)
    if kind is Kind.FLAG:
        flag = _FLAGS.get(literal.text.lower())
        return Literal(flag) if flag else None
    values = _values(field)
    return literal if values is None or values.accepts(literal) else None


def _kind(field: Field) -> Kind | None:
    return field.kind if isinstance(field, Builtin) else None


def _values(field: Field) -> _Values | None:
    return _METRIC_VALUES if isinstance(field, Metric) else _VALUES.get(_kind(field))
