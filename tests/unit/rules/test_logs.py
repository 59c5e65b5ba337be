from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.logs import BLOCK_BYTES, Line, fill, pack, sent_again, unpack, weight

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
extras = st.none() | st.dictionaries(text, text | st.integers(-9, 9) | st.none(), min_size=1)
lines = st.builds(Line, st.integers(0, 2**52), st.none() | text, st.none() | text, text, extras)


def message(size: int) -> Line:
    return Line(0, "info", "host", "x" * size)


@given(st.lists(lines, max_size=20))
def test_every_field_of_every_line_comes_back(reported) -> None:
    assert unpack(pack(reported)) == reported


@given(st.lists(st.integers(0, BLOCK_BYTES + 100), max_size=30), st.integers(0, BLOCK_BYTES))
def test_portions_keep_every_line_in_order_and_the_limit(sizes, room) -> None:
    reported = [message(size) for size in sizes]
    portions = list(fill(reported, room))
    assert [line for portion in portions for line in portion] == reported
    for at, portion in enumerate(portions):
        limit = BLOCK_BYTES if at else room
        assert sum(map(weight, portion)) <= limit or (at and len(portion) == 1)
    assert all(portions[1:])


def test_the_first_portion_is_empty_where_nothing_fits() -> None:
    assert list(fill([message(100)], room=10)) == [[], [message(100)]]


def test_a_repeated_batch_is_recognised_by_its_lines() -> None:
    stored = [Line(at, "info", "host", f"line {at}") for at in range(5)]
    assert sent_again(stored, stored[3:])
    assert sent_again(stored, stored)
    assert not sent_again(stored, stored[:2])
    assert not sent_again(stored, [Line(5, "info", "host", "line 4")])
    assert not sent_again(stored, [])
    assert not sent_again(stored[4:], stored)
