"""The filter language: text to tree, tree to text, and what a tree means."""

from __future__ import annotations

from experiments.rules.filters.parser import parse
from experiments.rules.filters.printer import conjuncts, to_text, without
from experiments.rules.filters.tree import (
    EVERYTHING,
    NOTHING,
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
    all_of,
    any_of,
    normalise,
)

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "And",
    "Compare",
    "Condition",
    "Contains",
    "Exists",
    "In",
    "Literal",
    "Matches",
    "Missing",
    "Node",
    "Not",
    "Or",
    "Words",
    "all_of",
    "any_of",
    "conjuncts",
    "normalise",
    "parse",
    "to_text",
    "without",
]
