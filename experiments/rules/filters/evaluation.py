"""Whether a filter holds for one task: the meaning of the language, in plain Python.

The queries build SQL from the same trees; tests prove that both say the same.
"""

from __future__ import annotations

import operator
import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from experiments.rules.fields import Builtin, Field, Kind, Metric, Parameter
from experiments.rules.filters.literals import Span
from experiments.rules.filters.patterns import compile_pattern
from experiments.rules.filters.tree import (
    And,
    Compare,
    Condition,
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
from experiments.rules.values import INDEXED_TEXT_LENGTH, IndexValue


class Named(NamedTuple):
    """A project or user: a filter may mean it by its name or by its id."""

    name: str
    id: str


Value = IndexValue | int | datetime | None
BuiltinValue = Value | Named | Collection[str]


class Facts(Protocol):
    """What a filter can ask about one task; None means missing, as does a builtin's "".

    Texts of parameters, and tags (a collection), come as the index keeps them.
    """

    def builtin(self, name: str) -> BuiltinValue: ...

    def parameter(self, section: str, name: str) -> IndexValue | None: ...

    def metric(self, metric: str, variant: str, stat: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Facts laid out in mappings."""

    builtins: Mapping[str, BuiltinValue] = field(default_factory=dict)
    parameters: Mapping[tuple[str, str], IndexValue] = field(default_factory=dict)
    metrics: Mapping[tuple[str, str, str], float] = field(default_factory=dict)

    def builtin(self, name: str) -> BuiltinValue:
        return self.builtins.get(name)

    def parameter(self, section: str, name: str) -> IndexValue | None:
        return self.parameters.get((section, name))

    def metric(self, metric: str, variant: str, stat: str) -> float | None:
        return self.metrics.get((metric, variant, stat))


_ORDERS: dict[str, Callable[[object, object], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def evaluate(node: Node, facts: Facts) -> bool:
    match node:
        case And(children):
            return all(evaluate(child, facts) for child in children)
        case Or(children):
            return any(evaluate(child, facts) for child in children)
        case Not(child):
            return not evaluate(child, facts)
    return _holds(node, facts)


def _holds(condition: Condition, facts: Facts) -> bool:
    match condition:
        case Words(text):
            return _has_words(text, facts)
        case Exists(about):
            return _exists(about, facts)
        case Missing(about):
            return not _exists(about, facts)
        case Contains(about, text):
            wanted = fold(text)
            return any(wanted in fold(found) for found in _texts(about, facts))
        case Matches(about, pattern):
            search = compile_pattern(pattern).search
            return any(search(found) is not None for found in _texts(about, facts))
        case In(about, literals):
            return any(_equal(about, literal, facts) for literal in literals)
        case Compare(about, op, literal):
            return _compare(about, op, literal, facts)
    raise TypeError(f"not a node of a filter: {condition!r}")


def fold(text: str) -> str:
    """Small letters for the ASCII ones only: what SQLite and PostgreSQL can agree on."""
    return text.translate(_ASCII_LOWER)


def _compare(about: Field, op: str, literal: Literal, facts: Facts) -> bool:
    if op == "=":
        return _equal(about, literal, facts)
    if op == "!=":
        return _exists(about, facts) and not _equal(about, literal, facts)
    found, wanted = _value(about, facts), _wanted(about, literal)
    if isinstance(wanted, Span):
        op, wanted = wanted.bound(op)
    return _comparable(found, wanted) and _ORDERS[op](found, wanted)


def _equal(about: Field, literal: Literal, facts: Facts) -> bool:
    if isinstance(about, Builtin):
        if about.kind is Kind.TAGS:
            return literal.indexed in _tags(about, facts)
        if isinstance(named := facts.builtin(about.name), Named):
            return literal.text in named
    found, wanted = _value(about, facts), _wanted(about, literal)
    if isinstance(wanted, Span):
        return _comparable(found, wanted.start) and wanted.start <= found < wanted.end
    return _comparable(found, wanted) and found == wanted


def _comparable(found: Value, wanted: Value) -> bool:
    """Numbers go with numbers, texts with texts, booleans with booleans, times with times."""
    return None not in (found, wanted) and _family(found) is _family(wanted)


def _family(value: Value) -> type:
    return float if type(value) is int else type(value)


def _wanted(about: Field, literal: Literal) -> Value | Span:
    if isinstance(about, Builtin):
        match about.kind:
            case Kind.INSTANT:
                return literal.span
            case Kind.WHOLE:
                return literal.whole
            case Kind.DURATION:
                return literal.seconds
            case Kind.FLAG:
                return literal.boolean
        return literal.text
    if isinstance(about, Metric):
        return literal.number
    if literal.boolean is not None:
        return literal.boolean
    return literal.indexed if literal.number is None else literal.number


def _value(about: Field, facts: Facts) -> Value:
    match about:
        case Parameter(section, name):
            return facts.parameter(section, name)
        case Metric(metric, variant, stat):
            return facts.metric(metric, variant, stat)
    if about.kind is Kind.TAGS:
        return None
    found = facts.builtin(about.name)
    if isinstance(found, Named):
        found = found.name
    return None if found == "" else found


def _exists(about: Field, facts: Facts) -> bool:
    if isinstance(about, Builtin) and about.kind is Kind.TAGS:
        return len(_tags(about, facts)) > 0
    return _value(about, facts) is not None


def _tags(about: Builtin, facts: Facts) -> Collection[str]:
    return facts.builtin(about.name) or ()


def _texts(about: Field, facts: Facts) -> Collection[str]:
    """What can be searched: every tag, else the one value if it is a text."""
    if isinstance(about, Builtin) and about.kind is Kind.TAGS:
        return _tags(about, facts)
    found = _value(about, facts)
    return (found,) if isinstance(found, str) else ()


def _has_words(text: str, facts: Facts) -> bool:
    wanted = fold(text)
    searched = (facts.builtin("name"), facts.builtin("description"))
    return (
        any(isinstance(found, str) and wanted in fold(found) for found in searched)
        or text[:INDEXED_TEXT_LENGTH] in _tags(Builtin("tags"), facts)
        or str(facts.builtin("id") or "").startswith(wanted)
    )
