"""Expressions for PostgreSQL are written in words that Python's own engine knows too.

So it stands in for PostgreSQL here; `tests/unit/queries/test_patterns_agree.py` asks the real one.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.filters.patterns import compile_pattern
from experiments.rules.filters.posix import to_posix
from tests.unit.rules.filter_strategies import thorough

PARTS = st.sampled_from(
    [
        "a",
        "b",
        "k",
        "s",
        "K",
        "é",
        "É",
        "µ",
        "ß",
        "Σ",
        "ǆ",
        "İ",
        "ı",
        "💥",
        "1",
        "_",
        "-",
        " ",
        "\n",
        ".",
        "^",
        "$",
        r"\d",
        r"\D",
        r"\w",
        r"\W",
        r"\s",
        r"\S",
        r"\b",
        r"\A",
        r"\z",
        r"\n",
        r"\t",
        r"\x61",
        r"\x{e9}",
        r"\141",
        r"\.",
        r"\/",
        r"\Qa.b\E",
        "[a-c]",
        "[^a]",
        "[]a]",
        "[^]a]",
        r"[\d_]",
        r"[\W]",
        "[[:alpha:]]",
        "[[:^word:]1]",
        "[[:lower:]]",
        r"[\]-a]",
        "[a-]",
        "[-a]",
        "[[a]",
        "[k-t]",
        "[é-ü]",
        "(?i)",
        "(?s)",
        "(?m)",
        "(?-i)",
        "(?U)",
        "(",
        "(?:",
        "(?P<n>",
        "(?i:",
        "(?-s:",
        ")",
        "|",
        "*",
        "+",
        "?",
        "*?",
        "+?",
        "??",
        "{2}",
        "{1,}",
        "{0,2}",
        "{,2}",
        "x{",
    ]
)
TEXTS = st.text(st.sampled_from("abkKsSſ\u212aéÉ1_-. \n\tx{]ABµμΜßẞΣσςǅǄİıI,[💥/"), max_size=8)


def agree(pattern: str, text: str) -> bool:
    found = re.search(to_posix(pattern), text, re.DOTALL) is not None
    return found is (compile_pattern(pattern).search(text) is not None)


@thorough
@given(st.lists(PARTS, max_size=8).map("".join), st.lists(TEXTS, min_size=4, max_size=12))
def test_the_written_expression_finds_the_same(pattern: str, texts: list[str]) -> None:
    try:
        compile_pattern(pattern)
    except InvalidField as error:
        assert error.detail
        return
    assert all(agree(pattern, text) for text in texts)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("abc1", "abc1"),
        ("a.b", r"a[^\u000A]b"),
        ("(?s)a.b", "a.b"),
        ("^a$", r"(?:\A)a(?:\Z)"),
        (r"\d+?", "[0-9]+"),
        (r"exp\-1", r"exp\u002D1"),
        ("(?P<name>a)|b", "(?:a)|b"),
        ("(?i)e", "[Ee]"),
        ("(?i:a)b", "(?:[Aa])b"),
        ("[^a-c]", "[^a-c]"),
        ("💥", r"\U0001F4A5"),
    ],
)
def test_how_it_is_written(pattern: str, written: str) -> None:
    assert to_posix(pattern) == written


@pytest.mark.parametrize(
    "pattern", ["a", "é", "ß", "k", "σ", "θ", "ι", "İ", "ǆ", "[a-z]", "[α-ω]", r"\w", "[[:upper:]]"]
)
def test_case_is_ignored_in_every_script(pattern: str) -> None:
    for letter in "aAéÉßẞkK\u212aσΣςθΘϑϴιΙ\u0345iIİıǆǅǄsSſωΩ\u2126zZ":
        assert agree(f"(?i){pattern}", letter)
        assert agree(f"(?i)[^{letter}]", letter.swapcase()[0])


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(", "missing )"),
        ("(?=a)", "not a regular expression"),
        (r"(a)\1", "not a regular expression"),
        (r"\pL", r"\p is not supported"),
        (r"[\P{Greek}]", r"\P is not supported"),
        (r"a\B", r"\B is not supported"),
        (r"\C", r"\C is not supported"),
        ("a{256}", "more than 255 times"),
        ("a(?i){2}", "behind what it repeats"),
        (r"(\bx){11}", "more than 10"),
        (r"((?:\bx){3}y){4}", "more than 10"),
        (r"(?i)[\x{100}-\x{ffff}]", "too wide"),
        ("(?:a{0,200}){0,4}" * 5, "too large"),
        ("\ud800", "not valid"),
    ],
)
def test_what_cannot_be_answered_alike_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(InvalidField) as caught:
        compile_pattern(pattern)
    assert says in caught.value.detail


@pytest.mark.parametrize("pattern", [r"\b\d{4}-\d{2}\b", r"(\bx){10}", "a{255}", r"(?m)^a$"])
def test_what_people_write_is_not_refused(pattern: str) -> None:
    compile_pattern(pattern)
