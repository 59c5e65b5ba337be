"""Writes a filter's tree as text: `parse(to_text(tree))` is the normalised tree again."""

from __future__ import annotations

from experiments.rules.fields import Builtin, Field, Kind, field_text, may_be_missing
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
    can_stand_bare,
    normalise,
)
from experiments.rules.status import LABELS, Status


def to_text(node: Node) -> str:
    return _text(normalise(node))


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts all of which must hold, as a person would count them (one chip each).

    `x not in (1)` is kept as And(Exists(x), Not(In(x))) and counts as one.
    """
    node = normalise(node)
    return tuple(_paired(node.children)) if isinstance(node, And) else (node,)


def without(node: Node, index: int) -> Node:
    """The filter that is left when the conjunct at `index` is taken away."""
    parts = conjuncts(node)
    return normalise(And(parts[:index] + parts[index + 1 :]))


def quoted(text: str) -> str:
    """Between the quotes that need less doubling inside."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return quote + text.replace(quote, quote * 2) + quote


def _text(node: Node) -> str:
    match node:
        case And(children):
            return " and ".join(_operand(part, Or) for part in _paired(children))
        case Or(children):
            return " or ".join(map(_text, children))
        case Not(child):
            return f"not {_operand(child, And, Or)}"
        case Words(text):
            return text if can_stand_bare(text) else quoted(text)
    return _condition(node)


def _condition(node: Node) -> str:
    match node:
        case Compare(field, op, literal):
            return f"{field_text(field)} {op} {_literal(field, literal)}"
        case In(field, literals):
            written = ", ".join(_literal(field, literal) for literal in literals)
            return f"{field_text(field)} in ({written})"
        case Contains(field, text):
            return f"{field_text(field)} ~ {quoted(text)}"
        case Matches(field, pattern):
            return f"{field_text(field)} matches {quoted(pattern)}"
        case Exists(field):
            return f"{field_text(field)} exists"
        case Missing(field):
            return f"{field_text(field)} missing"
    raise TypeError(f"not a node of a filter: {node!r}")


def _operand(node: Node, *looser: type[Node]) -> str:
    if isinstance(node, And) and len(pair := _paired(node.children)) == 1:
        return _negated(pair[0])
    return f"({_text(node)})" if isinstance(node, looser) else _text(node)


def _negated(pair: Node) -> str:
    """`x not in (…)`, `x !~ …` or `x not matches …` from And(Exists(x), Not(…))."""
    condition = pair.children[1].child
    field = field_text(condition.field)
    rest = _condition(condition).removeprefix(field + " ")
    return f"{field} !{rest}" if isinstance(condition, Contains) else f"{field} not {rest}"


def _paired(children: tuple[Node, ...]) -> list[Node]:
    """The children of an And, with the two halves of a negated operator put together."""
    parts: list[Node] = []
    for child in children:
        if parts and _is_pair(parts[-1], child):
            parts[-1] = And((parts[-1], child))
        else:
            parts.append(child)
    return parts


def _is_pair(first: Node, second: Node) -> bool:
    if not (isinstance(first, Exists) and isinstance(second, Not)):
        return False
    condition = second.child
    return (
        isinstance(condition, In | Contains | Matches)
        and condition.field == first.field
        and may_be_missing(first.field)
    )


def _literal(field: Field, literal: Literal) -> str:
    if isinstance(field, Builtin) and field.kind is Kind.STATUS and literal.text in LABELS:
        # People know a status by the word they see; the tree has the protocol's.
        return LABELS[Status(literal.text)].lower()
    return quoted(literal.text) if literal.quoted else literal.text
