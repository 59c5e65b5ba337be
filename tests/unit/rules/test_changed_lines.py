from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.changed_lines import changed_lines

texts = st.lists(st.sampled_from(["a", "b", "", "c"]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("old", "new", "start", "gone", "come"),
    [
        ("a\nb\nc\n", "a\nx\nc\n", 2, ["b"], ["x"]),
        ("a\nb\n", "a\nb\nc\n", 3, [], ["c"]),
        ("a\nb\nc", "a\nc", 2, ["b"], []),
        ("a\na\n", "a\na\na\n", 3, [], ["a"]),
        ("", "a\nb", 1, [], ["a", "b"]),
        ("same\n", "same\n", 3, [], []),
    ],
)
def test_lines(old: str, new: str, start: int, gone: list[str], come: list[str]) -> None:
    found = changed_lines(old, new, most=10, before=5)
    assert (found.start, found.old, found.new, found.more) == (start, gone, come, False)


@given(texts, texts)
def test_as_many_lines_came_and_went_as_the_texts_differ_by(old: str, new: str) -> None:
    found = changed_lines(old, new, most=100, before=100)
    one, other = (text.split("\n") if text else [] for text in (old, new))
    assert found.before == one[: found.start - 1] == other[: found.start - 1]
    assert len(other) - len(one) == len(found.new) - len(found.old)
    assert bool(found.old or found.new) == (old != new)
    assert not Counter(found.old) - Counter(one)
    assert not Counter(found.new) - Counter(other)


def test_no_more_than_asked_for() -> None:
    found = changed_lines("a\n" * 30, "b\n" * 35, most=12, before=3)
    assert (len(found.old), len(found.new), found.more) == (12, 12, True)


def test_of_beginnings_the_end_means_nothing() -> None:
    found = changed_lines("a\n" * 9 + "a", "first\n" + "a\n" * 6 + "a", most=12, before=0, cut=True)
    assert (found.start, found.old, found.new, found.more) == (1, [], ["first"], True)
