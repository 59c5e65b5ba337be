"""Regular expressions: `name`, `comment`, and `_any_` / `_all_` over several fields."""

from __future__ import annotations

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Field
from experiments.rules.filters.patterns import Pattern, compile_pattern
from experiments.rules.filters.tree import NOTHING, Matches, Node, all_of, any_of
from experiments.sdk.get_all.names import MetricNames, field_named
from experiments.sdk.schema import Request

NAME = Builtin("name")
COMMENT = Builtin("description")


class Patterns(Request):
    """The value of `_any_` and `_all_`."""

    pattern: str
    fields: list[str]


def pattern_node(field: Field, pattern: str, *, at: str) -> Node:
    """A case-sensitive search, as for `name`."""
    checked_pattern(pattern, at=at)
    return Matches(field, pattern)


def checked_pattern(pattern: str, *, at: str) -> Pattern:
    """The compiled expression; a refusal names the field it came from."""
    try:
        return compile_pattern(pattern)
    except InvalidField as error:
        raise InvalidField(f"{at}: {error.detail}", field=at) from None


def patterns_node(patterns: Patterns, metric_names: MetricNames, *, every: bool, at: str) -> Node:
    """Letters match in either case here."""
    if not patterns.fields:
        raise InvalidField(f"{at}: fields are missing", field=at)
    nodes = []
    for name in patterns.fields:
        field = field_named(name, metric_names, at=at)
        known = field is not None
        nodes.append(pattern_node(field, f"(?i){patterns.pattern}", at=at) if known else NOTHING)
    return all_of(*nodes) if every else any_of(*nodes)
