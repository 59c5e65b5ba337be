"""Lists of values with operators, as `tags=["__$all", "a", "__$not", "b"]`.

A plain list means any of its values. An operator opens a group that holds until the next
one; all groups must hold. `__$not` negates the next value, `null` stands for "has none".
Before the first operator `-x` means "not x", joined to the rest by AND (an old notation).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from experiments.errors import InvalidField
from experiments.rules.fields import Field, Parameter
from experiments.rules.filters.tree import (
    Compare,
    In,
    Literal,
    Missing,
    Node,
    Not,
    all_of,
    any_of,
)
from experiments.rules.values import parse_number

ALL = frozenset({"__$all", "__$and"})
ANY = frozenset({"__$any", "__$or"})
NOT = "__$not"
NOP = "__$nop"
PREFIX = "__$"

Value = str | None


class Term(NamedTuple):
    value: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    terms: tuple[Term, ...]
    every: bool

    def join(self, nodes: Sequence[Node]) -> Node:
        return all_of(*nodes) if self.every else any_of(*nodes)


@dataclass(frozen=True, slots=True)
class ListCondition:
    """What a list asks for; without groups it asks for nothing."""

    groups: tuple[Group, ...]

    def node(self, field: Field, missing: Node | None = None) -> Node:
        """The condition on a field of tasks; `missing` is its form of "has none"."""
        absent = Missing(field) if missing is None else missing
        return all_of(*(_group_node(group, field, absent) for group in self.groups))

    def holds(self, values: Collection[str]) -> bool:
        """Whether a thing that has these values fulfils it."""

        def term(found: Term) -> bool:
            return (found.value in values if found.value else not values) != found.negated

        return all((all if group.every else any)(map(term, group.terms)) for group in self.groups)

    def split_excluded(self, value: str) -> tuple[ListCondition, bool]:
        """The rest of the condition, and whether it asks for the value to be absent."""
        term = Term(value, negated=True)
        rest, found = [], False
        for group in self.groups:
            if term in group.terms and (group.every or len(group.terms) == 1):
                found = True
                others = tuple(other for other in group.terms if other != term)
                rest += [Group(others, group.every)] if others else []
            else:
                rest.append(group)
        return ListCondition(tuple(rest)), found


def read_list(values: Sequence[Value], field: str, *, numbers: bool = False) -> ListCondition:
    """Raises InvalidField for an unknown operator or a `__$not` without value.

    With `numbers` a minus before a number is its sign, not the old notation of "not".
    """
    excluded: list[Term] = []
    groups: list[tuple[bool, list[Term]]] = [(False, [])]
    negate = operator_seen = False
    for value in values:
        if value is not None and value.startswith(PREFIX):
            operator_seen = True
            if value in ALL | ANY:
                groups.append((value in ALL, []))
            elif value == NOT:
                negate = True
            elif value != NOP:
                raise InvalidField(f"{field}: {value!r} is no operator", field=field)
        elif value is not None and not operator_seen and _excludes(value, numbers):
            excluded.append(Term(value[1:], negated=True))
        else:
            groups[-1][1].append(Term(value, negate))
            negate = False
    if negate:
        raise InvalidField(f"{field}: nothing follows {NOT}", field=field)
    made = [Group(tuple(terms), every) for every, terms in groups if terms]
    if excluded:
        made.append(Group(tuple(excluded), every=True))
    return ListCondition(tuple(made))


def _excludes(value: str, numbers: bool) -> bool:
    return value.startswith("-") and not (numbers and parse_number(value) is not None)


def _group_node(group: Group, field: Field, missing: Node) -> Node:
    plain = tuple(term.value for term in group.terms if term.value and not term.negated)
    nodes: list[Node] = []
    if not group.every and plain:
        nodes.append(In(field, tuple(lit for value in plain for lit in _literals(field, value))))
    for value, negated in group.terms:
        if group.every or negated or not value:
            node = _equal(field, value) if value else missing
            nodes.append(Not(node) if negated else node)
    return group.join(nodes)


def _equal(field: Field, value: str) -> Node:
    literals = _literals(field, value)
    return Compare(field, "=", literals[0]) if len(literals) == 1 else In(field, literals)


def _literals(field: Field, value: str) -> tuple[Literal, ...]:
    """`007` of a parameter is a number in one task and a text in another: both are meant."""
    if not isinstance(field, Parameter):
        return (Literal(value),)
    return tuple(dict.fromkeys((Literal(value), Literal(value, quoted=True))))
