"""A regular expression finds the same in SQL as in Python, whichever the database."""

from __future__ import annotations

import pytest

from experiments.models import Key
from experiments.rules.filters.patterns import compile_pattern

TEXTS = [
    "abc",
    "ABC",
    "a\nb",
    "a.b",
    "é",
    "É",
    "1",
    "١",
    "a b",
    "aaa",
    "foo_bar",
    "",
    "x{2",
    "ab12",
    "A-B",
    "a\\b",
    "[x]",
    "tab\t",
    "\u212a",
    "ſ",
    "ß",
    "ẞ",
    "ς",
    "💥",
    "\u00a0",
    "***=a",
    "(?i)a",
    "a\n",
    "%_",
]
PATTERNS = [
    "a.b",
    "^a$|b$",
    "(?i)abc",
    "a(?i)b",
    "(?i:A)b",
    r"\d",
    r"\D",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    "[[:word:]]",
    "[[:^alpha:]]",
    r"\Qa.b\E",
    r"\x{61}",
    r"\x61b",
    "(?s)a.b",
    "(?s:a.b)",
    "(?m)^b",
    "(?m)a$",
    "(?:a|b)+?c",
    "a{2}",
    "x{",
    "x{2",
    "a{,2}",
    r"[\d]",
    r"[\w.]",
    "[]a]",
    "[^]a]",
    r"\-",
    r"\Aabc",
    r"abc\z",
    r"\bfoo",
    r"bar\b",
    r"[a\]b]",
    r"[\[x]",
    "(?P<n>a)b",
    "()|x",
    "|x",
    r"\t",
    "[[.a.]]",
    "[[=a=]]",
    "(?i)k",
    "(?i)s",
    "(?i)ß",
    "(?i)Σ",
    "(?i)[a-z]",
    "💥",
    "[^a]",
    r"\*\*\*=a",
    r"\(\?i\)",
    "a$",
    r"[\W]",
    "(?U)a+",
    "",
    "(?:)*",
    "(?:|a)b",
    r"\b*a",
    "^*a",
    r"%_",
    r"a\nb",
]


@pytest.fixture
def keys(db: None) -> None:
    Key.objects.bulk_create(Key(source="parameter", section="", name=text) for text in TEXTS)


def test_every_pattern_finds_the_same(keys: None) -> None:
    for pattern in PATTERNS:
        found = Key.objects.filter(name__matches=pattern).values_list("name", flat=True)
        search = compile_pattern(pattern).search
        assert set(found) == {text for text in TEXTS if search(text)}, pattern
