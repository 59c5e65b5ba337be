"""Reads the text of a filter into its tree; the grammar stands in docs/filter-language.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from experiments.errors import InvalidField, InvalidFilter
from experiments.rules.fields import Field, field_of, is_stat, may_be_missing, metric_of
from experiments.rules.filters.checks import check_operator, checked_literal, expected_value
from experiments.rules.filters.lexer import MAX_LENGTH, Kind, Token, tokens
from experiments.rules.filters.patterns import compile_pattern
from experiments.rules.filters.printer import to_text
from experiments.rules.filters.tree import (
    EVERYTHING,
    JOINERS,
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
    normalise,
)

MAX_DEPTH = 40
MAX_CONDITIONS = 100
MAX_VALUES = 1_000

_WORD_OPERATORS = frozenset({"in", "matches", "exists", "missing"})


def parse(text: str) -> Node:
    """The normalised tree of a filter; an empty text asks for everything."""
    node = _Parser(text).filter()
    if len(text) > MAX_LENGTH // 4 and len(to_text(node)) > MAX_LENGTH:
        # An address carries the filter written out, and must be readable again.
        raise InvalidFilter(
            f"written out it is longer than {MAX_LENGTH:,} characters",
            position=len(text),
            expected="a shorter filter",
        )
    return node


@contextmanager
def _pointing_at(token: Token, expected: str) -> Iterator[None]:
    try:
        yield
    except InvalidField as error:
        raise InvalidFilter(error.detail, position=token.position, expected=expected) from None


class _Parser:
    """Recursive descent, one method a rule; nesting is bounded by MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.index = 0
        self.depth = self.conditions = self.values = 0

    def filter(self) -> Node:
        if self.current.kind is Kind.END:
            return EVERYTHING
        node = self.disjunction()
        if self.current.kind is not Kind.END:
            raise self.unexpected("“and”, “or” or the end")
        return normalise(node)

    def disjunction(self) -> Node:
        nodes = [self.conjunction()]
        while self.accept("or"):
            nodes.append(self.conjunction())
        return Or(tuple(nodes))

    def conjunction(self) -> Node:
        nodes = [self.negation()]
        while self.accept("and") or self.another_stands_next():
            nodes.append(self.negation())
        return And(tuple(nodes))

    def negation(self) -> Node:
        if self.current.keyword != "not":
            return self.operand()
        with self.nested():
            self.advance()
            return Not(self.negation())

    def operand(self) -> Node:
        token = self.current
        if token.text == "(" and token.kind is Kind.PUNCTUATION:
            with self.nested():
                self.advance()
                node = self.disjunction()
                self.require(")", "a closing parenthesis")
                return node
        if token.kind not in (Kind.WORD, Kind.STRING) or token.keyword in JOINERS:
            raise self.unexpected("a condition, a word to search for or “(”")
        self.count_condition()
        self.advance()
        if self.operator_stands_next() or self.opens_metric(token):
            return self.condition(token)
        if not token.text:
            raise InvalidFilter(
                "there is no word between the quotes",
                position=token.position,
                expected="a word to search for",
            )
        return Words(token.text)

    def condition(self, token: Token) -> Node:
        field = self.field(token)
        negated = self.accept("not")
        operator = self.advance()
        name = operator.text if operator.kind is Kind.OPERATOR else operator.keyword
        if name == "!~":
            name, negated = "~", True
        with _pointing_at(operator, "an operator that fits the field"):
            check_operator(field, name)
        if name in ("exists", "missing"):
            return Exists(field) if (name == "exists") is not negated else Missing(field)
        node = self.with_value(field, name)
        if not negated:
            return node
        return And((Exists(field), Not(node))) if may_be_missing(field) else Not(node)

    def field(self, token: Token) -> Field:
        if token.word is None:
            raise InvalidFilter(
                f"a name stands before an operator, not the text {token}; "
                "an odd name is written in backticks",
                position=token.position,
                expected="the name of a field",
            )
        if not self.opens_metric(token):
            with _pointing_at(token, "the name of a field"):
                return field_of(token.word)
        self.advance()
        name = self.advance()
        if name.word is None:
            raise self.unexpected("the name of a metric", name)
        with _pointing_at(name, "the name of a metric"):
            field = metric_of(token.keyword, name.word)
        self.require(")", "a closing parenthesis")
        if not self.operator_stands_next():
            raise self.unexpected("an operator")
        return field

    def with_value(self, field: Field, operator: str) -> Node:
        match operator:
            case "in":
                return self.membership(field)
            case "~":
                return Contains(field, self.value("a text").text)
            case "matches":
                return self.matching(field)
        return Compare(field, operator, self.literal(field))

    def membership(self, field: Field) -> Node:
        self.require("(", "“(” and a list of values")
        literals: list[Literal] = []
        if not self.stands(")"):
            literals.append(self.literal(field))
        while literals and self.accept(","):
            literals.append(self.literal(field))
        self.require(")", "a comma or a closing parenthesis")
        return In(field, tuple(literals))

    def matching(self, field: Field) -> Node:
        if self.current.kind is not Kind.STRING:
            raise self.unexpected("a regular expression in quotes")
        token = self.advance()
        with _pointing_at(token, "a regular expression"):
            compile_pattern(token.text)
        return Matches(field, token.text)

    def literal(self, field: Field) -> Literal:
        self.values += 1
        if self.values > MAX_VALUES:
            raise InvalidFilter(
                f"it has more than {MAX_VALUES:,} values",
                position=self.current.position,
                expected="fewer values",
            )
        expected = expected_value(field)
        token = self.value(expected)
        quoted = token.kind is Kind.STRING or (token.word is not None and token.word.quoted)
        with _pointing_at(token, expected):
            return checked_literal(field, Literal(token.text, quoted))

    def value(self, expected: str) -> Token:
        token = self.current
        if token.kind not in (Kind.WORD, Kind.STRING) or token.keyword in JOINERS:
            raise self.unexpected(expected)
        return self.advance()

    # What stands where

    @property
    def current(self) -> Token:
        return self.tokens[self.index]

    def advance(self) -> Token:
        token = self.tokens[self.index]
        if token.kind is not Kind.END:
            self.index += 1
        return token

    def stands(self, text: str) -> bool:
        token = self.current
        return token.keyword == text or (token.kind is Kind.PUNCTUATION and token.text == text)

    def accept(self, text: str) -> bool:
        found = self.stands(text)
        if found:
            self.advance()
        return found

    def require(self, text: str, expected: str) -> None:
        if not self.accept(text):
            raise self.unexpected(expected)

    def operator_stands_next(self) -> bool:
        token = self.current
        if token.keyword == "not":
            return self.tokens[self.index + 1].keyword in _WORD_OPERATORS
        return token.kind is Kind.OPERATOR or token.keyword in _WORD_OPERATORS

    def opens_metric(self, token: Token) -> bool:
        return token.word is not None and is_stat(token.word) and self.stands("(")

    def another_stands_next(self) -> bool:
        """Whether one more condition follows without “and”; a blank must part the two.

        Without the blank `name ~ a(b)` would quietly mean something else than it seems to.
        """
        token = self.current
        if token.keyword in ("and", "or"):
            return False
        opens = token.kind in (Kind.WORD, Kind.STRING) or self.stands("(")
        return opens and token.position > self.tokens[self.index - 1].end

    # Guards

    @contextmanager
    def nested(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise InvalidFilter(
                f"it is nested more than {MAX_DEPTH} levels deep",
                position=self.current.position,
                expected="fewer parentheses",
            )
        yield
        self.depth -= 1

    def count_condition(self) -> None:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise InvalidFilter(
                f"it has more than {MAX_CONDITIONS} conditions",
                position=self.current.position,
                expected="fewer conditions",
            )

    def unexpected(self, expected: str, token: Token | None = None) -> InvalidFilter:
        token = token or self.current
        where = "" if token.kind is Kind.END else f" at character {token.position + 1}"
        return InvalidFilter(
            f"{expected} is expected{where}, but {token} stands there"
            if where
            else f"{expected} is expected at the end",
            position=token.position,
            expected=expected,
        )
