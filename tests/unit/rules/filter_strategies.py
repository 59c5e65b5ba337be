"""What Hypothesis draws fields, literals, conditions and whole filters from."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from experiments.rules.fields import (
    BUILTINS,
    STATS,
    UNLISTED,
    Builtin,
    Field,
    Kind,
    Metric,
    Parameter,
)
from experiments.rules.filters.checks import checked_literal, operators_of
from experiments.rules.filters.tree import (
    COMPARISONS,
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
from experiments.rules.status import Status

# Two busy cores must not fail a property; it is about truth, not about time.
thorough = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])

storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
odd = st.sampled_from("aZ09 /.,$`'\"()=<>~!-_%\\\n\t\u200b\u00a0é💥")
texts = st.text(odd | storable, max_size=12)
words = st.sampled_from(
    ["lr", "Args", "and", "Or", "NOT", "in", "exists", "max", "name", "it's", "1e-3", "true"]
)
names = words | texts

parameters = st.builds(Parameter, names, names)
metrics = st.builds(Metric, names, names, st.sampled_from(STATS))
builtins = st.sampled_from([*BUILTINS, *UNLISTED]).map(Builtin)
fields: st.SearchStrategy[Field] = builtins | parameters | metrics

numbers = st.sampled_from(["0", "-1", "1e-3", ".5", "5.", "inf", "-Infinity", "007", "1e999"])
free_texts = numbers | names | st.sampled_from(["true", "False", "nan", ""])
_values = {
    Kind.STATUS: st.sampled_from(Status).map(str),
    Kind.INSTANT: st.sampled_from(
        ["2026-11-24", "2026-11-24T10:30", "2026-11-24 10:30:15.25+02:00", "1970-01-01T00:00Z"]
    ),
    Kind.WHOLE: st.integers(-(2**63) + 1, 2**63 - 1).map(str),
    Kind.DURATION: st.sampled_from(["90", "1.5", "90s", "15m", "2H", "1d12h"]),
    Kind.FLAG: st.sampled_from(["true", "false", "True"]),
}
patterns = st.sampled_from(["^a", "b$", "(a|b)+", r"\d{2}", '"', "'", "[^/]*"])


def literals_for(field: Field) -> st.SearchStrategy[Literal]:
    if isinstance(field, Metric):
        return st.builds(Literal, numbers)
    values = _values.get(field.kind, free_texts) if isinstance(field, Builtin) else free_texts
    return st.builds(Literal, values, st.booleans()).map(
        lambda literal: checked_literal(field, literal)
    )


@st.composite
def conditions(draw: st.DrawFn) -> Node:
    field = draw(fields)
    op = draw(st.sampled_from(operators_of(field)))
    if op in COMPARISONS:
        return Compare(field, op, draw(literals_for(field)))
    match op:
        case "in":
            return In(field, tuple(draw(st.lists(literals_for(field), max_size=4))))
        case "~":
            return Contains(field, draw(texts))
        case "matches":
            return Matches(field, draw(patterns))
    return Exists(field) if op == "exists" else Missing(field)


leaves: st.SearchStrategy[Node] = conditions() | st.builds(Words, names.filter(bool))


def _joined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, children)


trees: st.SearchStrategy[Node] = st.recursive(leaves, _joined, max_leaves=20)
