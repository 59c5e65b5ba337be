"""Single conditions of a filter: on columns of the task, or as rows of the index.

A name nobody has used has no key, and so no values. `queries.matching` joins them.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from functools import reduce
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet, lookups
from django.db.models.functions import Coalesce

from experiments.models import (
    IndexedBoolean,
    IndexedNumber,
    IndexedText,
    Project,
    Source,
    User,
)
from experiments.queries.access import Scope
from experiments.queries.keys import INDEX_MODELS, find_keys
from experiments.rules.fields import BUILTINS, Builtin, Field, Kind, Metric, Parameter
from experiments.rules.filters.tree import (
    And,
    Compare,
    Contains,
    Exists,
    In,
    Literal,
    Matches,
    Missing,
    Node,
    Not,
    Or,
    Words,
)
from experiments.rules.regexes import literal_parts

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING
LOOKUPS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "=": "exact"}
COLUMNS = {
    "type": "type",
    "name": "name",
    "status": "status",
    "created": "created",
    "started": "started",
    "updated": "last_update",
    "completed": "completed",
    "iteration": "last_iteration",
    "description": "comment",
    "id": "uid",
    "parent": "parent__uid",
    "status_changed": "status_changed",
    "last_change": "last_change",
    "edited": "edited_after_run",
}
NULLABLE = frozenset({"started", "completed"})
EMPTY_WHEN_MISSING = frozenset({"description"})
NAMED: dict[str, tuple[type, str]] = {"project": (Project, "name"), "user": (User, "username")}
# Microseconds between start and end, or the last report where there is no end.
DURATION = ExpressionWrapper(
    Coalesce(F("completed"), F("last_update")) - F("started"), output_field=BigIntegerField()
)
EXPRESSION_LOOKUPS = {
    "<": lookups.LessThan,
    "<=": lookups.LessThanOrEqual,
    ">": lookups.GreaterThan,
    ">=": lookups.GreaterThanOrEqual,
    "=": lookups.Exact,
}
MICROSECONDS = 1_000_000


def source_of(field: Field) -> tuple[str, tuple[str, str]]:
    """Where the index keeps a field, and under which name."""
    match field:
        case Parameter(section, name):
            return Source.PARAMETER, (section, name)
        case Metric(metric, variant, stat):
            return stat, (metric, variant)
        case Builtin("system_tags"):
            return Source.SYSTEM_TAG, ("", "")
    return Source.TAG, ("", "")


def key_of(field: Field) -> int | None:
    source, name = source_of(field)
    return find_keys(source, [name]).get(name)


class Compiler:
    """Conditions of one scope; looks each key up once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._keys: dict[Field, int | None] = {}

    def condition(self, node: Node) -> Q:
        """A condition on columns of the task; of `Words`, the part that columns can answer."""
        match node:
            case And(children):
                return reduce(operator.and_, map(self.condition, children), EVERYTHING)
            case Or(children):
                return reduce(operator.or_, map(self.condition, children), NOTHING)
            case Not(child):
                return ~self.condition(child)
            case Words(text):
                found = Q(name__has_text=text) | Q(comment__has_text=text)
                return found | _starts("uid", text.lower()) if text else found
        return _builtin(node)

    def tasks_with(self, node: Any) -> list[QuerySet[Any, Any]]:
        """The index rows that fulfil a condition on an indexed field, one query a kind."""
        key = self._key(node.field)
        if key is None:
            return []
        return [
            model.objects.filter(condition, project__in=self.scope.projects, key=key)
            for model, condition in index_conditions(node)
        ]

    def _key(self, field: Field) -> int | None:
        if field not in self._keys:
            self._keys[field] = key_of(field)
        return self._keys[field]


def needs_index(field: Field) -> bool:
    """Whether a field is looked up in the index, not in a column of the task."""
    return not isinstance(field, Builtin) or field.kind is Kind.TAGS


def is_indexed(node: Node) -> bool:
    """Whether a condition is answered by the index alone, and so can be counted there."""
    return (
        isinstance(node, Compare | In | Contains | Matches | Exists)
        and needs_index(node.field)
        and not (isinstance(node, Compare) and node.op == "!=")
    )


def index_conditions(node: Any) -> list[tuple[Any, Q]]:
    """The kinds of value that can fulfil a condition, with what each must fulfil."""
    match node:
        case Exists():
            return [(model, Q()) for model in INDEX_MODELS]
        case Compare(Builtin(), op, literal):
            return [(IndexedText, Q(value=literal.indexed))] if op == "=" else []
        case In(Builtin(), literals):
            return [(IndexedText, Q(value__in=[literal.indexed for literal in literals]))]
        case Compare(_, op, literal):
            return [_literal_condition(op, literal)]
        case In(_, literals):
            return _any_literal(literals)
        case Contains(_, text):
            return [(IndexedText, Q(value__has_text=text))]
        case Matches(_, pattern):
            return [(IndexedText, pattern_condition("value", pattern))]
    raise TypeError(f"no condition on the index: {node!r}")


def _literal_condition(op: str, literal: Literal) -> tuple[Any, Q]:
    lookup = f"value__{LOOKUPS[op]}"
    if literal.number is not None:
        return IndexedNumber, Q(**{lookup: literal.number})
    if literal.boolean is not None:
        return IndexedBoolean, Q(**{lookup: literal.boolean})
    return IndexedText, Q(**{lookup: literal.indexed})


def _any_literal(literals: Iterable[Literal]) -> list[tuple[Any, Q]]:
    values: dict[Any, list[Any]] = {}
    for literal in literals:
        model, condition = _literal_condition("=", literal)
        values.setdefault(model, []).append(condition.children[0][1])
    return [(model, Q(value__in=found)) for model, found in values.items()]


def pattern_condition(column: str, pattern: str) -> Q:
    parts = literal_parts(pattern)
    if parts is None:
        return Q(**{f"{column}__matches": pattern})
    start, text, end = parts
    if start and end:
        return Q(**{column: text})
    if end:
        return Q(**{f"{column}__matches": pattern})
    if start:
        return _starts(column, text)
    return Q(**{f"{column}__has_exact_text": text})


def _starts(column: str, prefix: str) -> Q:
    """A range of texts, so that an index can answer; both databases order by code point."""
    if not prefix:
        return EVERYTHING
    successor = {0xD7FF: 0xE000, 0x10FFFF: None}.get(ord(prefix[-1]), ord(prefix[-1]) + 1)
    at_least = Q(**{f"{column}__gte": prefix})
    if successor is None:
        return at_least & Q(**{f"{column}__has_exact_text": prefix})
    return at_least & Q(**{f"{column}__lt": prefix[:-1] + chr(successor)})


def _builtin(node: Any) -> Q:
    name = node.field.name
    if name in NAMED:
        return _named(node, name)
    if name == "duration":
        return _duration(node)
    column = COLUMNS[name]
    match node:
        case Exists():
            return _present(name, column)
        case Missing():
            return ~_present(name, column)
        case Contains(_, text):
            return _present(name, column) & Q(**{f"{column}__has_text": text})
        case Matches(_, pattern):
            return _present(name, column) & pattern_condition(column, pattern)
        case In(_, literals):
            equal = (_compare(name, column, "=", literal) for literal in literals)
            return _present(name, column) & reduce(operator.or_, equal, NOTHING)
        case Compare(_, op, literal):
            return _present(name, column) & _compare(name, column, op, literal)
    raise TypeError(f"no condition on a builtin: {node!r}")


def _present(name: str, column: str) -> Q:
    if name in NULLABLE:
        return Q(**{f"{column}__isnull": False})
    if name == "parent":
        return Q(parent__isnull=False)
    return ~Q(**{column: ""}) if name in EMPTY_WHEN_MISSING else EVERYTHING


def _compare(name: str, column: str, op: str, literal: Literal) -> Q:
    match BUILTINS.get(name, Kind.INSTANT):
        case Kind.INSTANT:
            return _instant(column, op, literal)
        case Kind.WHOLE:
            value: Any = literal.whole
        case Kind.FLAG:
            value = literal.boolean
        case _:
            value = literal.text
    if op == "!=":
        return ~Q(**{column: value})
    return Q(**{f"{column}__{LOOKUPS[op]}": value})


def _instant(column: str, op: str, literal: Literal) -> Q:
    """A day or a minute is a span of time: `=` means within it, `>` after it."""
    span = literal.span
    if span is None:
        return NOTHING
    within = Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})
    return {
        "=": within,
        "!=": ~within,
        "<": Q(**{f"{column}__lt": span.start}),
        "<=": Q(**{f"{column}__lt": span.end}),
        ">": Q(**{f"{column}__gte": span.end}),
        ">=": Q(**{f"{column}__gte": span.start}),
    }[op]


def _named(node: Any, name: str) -> Q:
    """Projects and users are few: find those meant, then compare their ids."""
    model, column = NAMED[name]
    match node:
        case Exists():
            return EVERYTHING
        case Missing():
            return NOTHING
        case Contains(_, text):
            meant = Q(**{f"{column}__has_text": text})
        case Matches(_, pattern):
            meant = pattern_condition(column, pattern)
        case In(_, literals):
            texts = [literal.text for literal in literals]
            meant = Q(**{f"{column}__in": texts}) | Q(uid__in=texts)
        case Compare(_, "=" | "!=" as op, literal):
            meant = Q(**{column: literal.text}) | Q(uid=literal.text)
            meant = ~meant if op == "!=" else meant
        case Compare(_, op, literal):
            meant = Q(**{f"{column}__{LOOKUPS[op]}": literal.text})
    ids = list(model.objects.filter(meant).values_list("pk", flat=True))
    return Q(**{f"{name}_id__in": ids})


def _duration(node: Any) -> Q:
    started = Q(started__isnull=False)
    match node:
        case Exists():
            return started
        case Missing():
            return ~started
        case In(_, literals):
            each = (_duration(Compare(node.field, "=", literal)) for literal in literals)
            return reduce(operator.or_, each, NOTHING)
        case Compare(_, "!=", literal):
            return started & ~_duration(Compare(node.field, "=", literal))
        case Compare(_, op, literal):
            microseconds = round((literal.seconds or 0) * MICROSECONDS)
            return started & Q(EXPRESSION_LOOKUPS[op](DURATION, microseconds))
    raise TypeError(f"no condition on a duration: {node!r}")
