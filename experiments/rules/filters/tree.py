"""A filter as a tree of frozen, hashable nodes, and its normalised form.

Every operator needs a value to be there: `x != 1` is false where x is missing. Only `Not`
turns that around: `Not(Compare(x, "=", 1))` is true where x is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from experiments.rules.fields import Builtin, Field, is_bare
from experiments.rules.filters import literals
from experiments.rules.values import INDEXED_TEXT_LENGTH, parse_number

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
JOINERS = frozenset({"and", "or", "not"})
KEYWORDS = JOINERS | {"in", "matches", "exists", "missing"}


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written; `quoted` says that it is text whatever it looks like.

    What cannot be written without quotes is quoted, so equal meanings are equal literals.
    """

    text: str
    quoted: bool = False

    def __post_init__(self) -> None:
        if not self.quoted and not can_stand_bare(self.text):
            object.__setattr__(self, "quoted", True)

    @property
    def number(self) -> float | None:
        return None if self.quoted else parse_number(self.text)

    @property
    def boolean(self) -> bool | None:
        return None if self.quoted else literals.boolean(self.text)

    @property
    def indexed(self) -> str:
        """The text as far as the parameter index keeps one."""
        return self.text[:INDEXED_TEXT_LENGTH]

    @property
    def whole(self) -> int | None:
        """For `iteration`: a whole number of 64 bits."""
        return literals.whole_number(self.text)

    @property
    def seconds(self) -> float | None:
        """For `duration`: seconds, or a text such as `90s`, `15m`, `1h30m`, `3d`."""
        return literals.seconds(self.text)

    @property
    def span(self) -> literals.Span | None:
        """For times: the day, minute, second or microsecond meant, as [start, end)."""
        return literals.instant_span(self.text)

    @property
    def instant(self) -> datetime | None:
        """The start of `span`."""
        span = self.span
        return span.start if span else None


@dataclass(frozen=True, slots=True)
class Compare:
    field: Field
    op: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class In:
    """Equal to one of the literals; with none of them never true."""

    field: Field
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    field: Field
    pattern: str


@dataclass(frozen=True, slots=True)
class Exists:
    field: Field


@dataclass(frozen=True, slots=True)
class Missing:
    field: Field


@dataclass(frozen=True, slots=True)
class Words:
    """A search over everything: name, description, tags, id."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


Condition = Compare | In | Contains | Matches | Exists | Missing | Words
Node = Condition | And | Or | Not

EVERYTHING = And(())
NOTHING = In(Builtin("id"), ())


def can_stand_bare(text: str) -> bool:
    return is_bare(text) and text.lower() not in KEYWORDS


def all_of(*nodes: Node) -> Node:
    """The normalised conjunction of nodes; of none: EVERYTHING."""
    return normalise(And(nodes))


def any_of(*nodes: Node) -> Node:
    """The normalised disjunction of nodes; of none: NOTHING."""
    return normalise(Or(nodes))


def normalise(node: Node) -> Node:
    """The same condition as `parse` would build it; changes the shape, never the meaning.

    Nested And in And and Or in Or are flattened, an only child stands for its parent, and
    EVERYTHING stands nowhere but at the top. Nothing is reordered, and `not not x` stays.
    """
    match node:
        case And():
            return _joined(And, node.children, neutral=EVERYTHING, absorbing=NOTHING)
        case Or():
            return _joined(Or, node.children, neutral=NOTHING, absorbing=EVERYTHING)
        case Not(child):
            child = normalise(child)
            return NOTHING if child == EVERYTHING else Not(child)
        case In(field, values):
            return In(field, tuple(dict.fromkeys(values)))
    return node


def _joined(
    kind: type[And] | type[Or], children: tuple[Node, ...], *, neutral: Node, absorbing: Node
) -> Node:
    flat: list[Node] = []
    for child in map(normalise, children):
        if child == EVERYTHING == absorbing:
            return absorbing
        if isinstance(child, kind):
            flat.extend(child.children)
        elif child != EVERYTHING:
            flat.append(child)
    if not flat:
        return neutral
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
