"""Lines compared: the blocks are a true account of both texts, and end in time for any."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.rules.line_diff import Effort, line_diff, word_pieces

LINES = st.lists(st.sampled_from("abcdef"), max_size=30)


def check(old: list[str], new: list[str]) -> int:
    """Checks the account of both; returns how many lines are equal."""
    at = to = equal = 0
    before: bool | None = None
    for block in line_diff(old, new).blocks:
        assert (block.old_start, block.new_start) == (at, to)
        assert block.equal is not before  # neighbours are joined
        if block.equal:
            assert old[at : block.old_end] == new[to : block.new_end] != []
            equal += block.old_end - at
        at, to, before = block.old_end, block.new_end, block.equal
    assert (at, to) == (len(old), len(new))
    return equal


@settings(max_examples=500, deadline=None)
@given(LINES, LINES)
def test_blocks_tell_both_texts_from_first_to_last(old: list[str], new: list[str]) -> None:
    check(old, new)
    assert check(old, old) == len(old)


def test_one_changed_line_among_many_is_the_only_one() -> None:
    old = [f"k{n}: {n % 7}" for n in range(1_000)]
    new = [*old[:500], "another", *old[501:]]
    assert check(old, new) == 999


def test_repeated_lines_between_anchors_are_matched() -> None:
    old = ["a", "}", "", "b", "}", "", "c", "}", ""]
    assert check(old, [*old[:3], "new", "}", "", *old[3:]]) == len(old)


HOSTILE = {
    "one of a thousand changed": (
        [f"k{n}: {n}" for n in range(300_000)],
        [f"k{n}: {n + (n % 1000 == 0)}" for n in range(300_000)],
    ),
    "all the same": (["x"] * 500_000, ["x"] * 400_000),
    "alternating": (["x", "y"] * 200_000, ["x", "z"] * 200_000),
    "reversed": ([str(n) for n in range(200_000)], [str(n) for n in range(199_999, -1, -1)]),
    "nothing in common": ([f"a{n}" for n in range(200_000)], [f"b{n}" for n in range(200_000)]),
    "repeated in the middle": (["a", *["x", "y"] * 90_000, "b"], ["c", *["y", "x", "x"] * 60_000]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end(name: str) -> None:
    """Compared naively, each would take hours."""
    started = time.process_time()
    check(*HOSTILE[name])
    assert time.process_time() - started < 30


def test_what_is_left_whole_is_said() -> None:
    assert line_diff(*HOSTILE["alternating"]).rough
    assert not line_diff(*HOSTILE["nothing in common"]).rough  # nothing to compare is no shortcut


def test_words_that_differ_are_told_apart() -> None:
    old, new = word_pieces("lr: 0.1  # slow", "lr: 0.05  # slow", Effort())
    assert [piece.text for piece in old if piece.differs] == ["1"]
    assert [piece.text for piece in new if piece.differs] == ["05"]
    assert "".join(piece.text for piece in new) == "lr: 0.05  # slow"


def test_words_of_hostile_lines_end() -> None:
    effort = Effort()
    for _ in range(2_000):
        old, new = word_pieces("a b " * 90, "b a " * 90, effort)
        assert "".join(piece.text for piece in old) == "a b " * 90
        assert "".join(piece.text for piece in new) == "b a " * 90
    assert effort.spent
