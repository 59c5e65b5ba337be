from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.queries.timeline import (
    Entry,
    Position,
    Stretch,
    after,
    before,
    position_from,
    walk,
)

blocks = st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=6), min_size=1, max_size=8)


def stretches_of(blocks: list[list[int]], reads: list[int] | None = None) -> list[Stretch]:
    """A stretch a block; `reads` notes which of them are read."""

    def stretch(major: int, moments: list[int]) -> Stretch:
        def read() -> list[Entry]:
            if reads is not None:
                reads.append(major)
            return [
                Entry(Position(moment, 0, major, minor), f"{moment}")
                for minor, moment in enumerate(moments)
            ]

        return Stretch(min(moments), max(moments), read)

    return [stretch(major, moments) for major, moments in enumerate(blocks)]


def all_positions(blocks: list[list[int]]) -> list[Position]:
    return sorted(
        Position(moment, 0, major, minor)
        for major, moments in enumerate(blocks)
        for minor, moment in enumerate(moments)
    )


@given(blocks, st.integers(1, 5), st.booleans())
def test_pages_give_everything_once_in_order(blocks, limit, earlier) -> None:
    found: list[Position] = []
    start = None
    while page := walk(stretches_of(blocks), limit=limit, start=start, earlier=earlier):
        found += [entry.position for entry in page]
        start = found[-1]
    assert found == all_positions(blocks)[:: -1 if earlier else 1]


@given(blocks, st.integers(1, 5), st.booleans())
def test_whole_moments_let_a_client_go_on_by_moments(blocks, limit, earlier) -> None:
    found: list[Position] = []
    start = None
    while page := walk(
        stretches_of(blocks), limit=limit, start=start, earlier=earlier, whole_moments=True
    ):
        found += [entry.position for entry in page]
        start = before(found[-1].moment) if earlier else after(found[-1].moment)
    assert found == all_positions(blocks)[:: -1 if earlier else 1]


def test_only_the_blocks_that_matter_are_read() -> None:
    reads: list[int] = []
    blocks = [[10 * block, 10 * block + 5] for block in range(100)]
    walk(stretches_of(blocks, reads), limit=3, earlier=True)
    assert sorted(reads) == [98, 99]
    reads.clear()
    walk(stretches_of(blocks, reads), limit=3, start=after(500))
    assert len(reads) <= 4
    assert min(reads) >= 50


def test_a_position_survives_as_text() -> None:
    position = Position(1_700_000_000_000_000, 1, 12, -(2**31))
    assert position_from(str(position), "scroll_id") == position


@pytest.mark.parametrize("text", ["", "1-2-3", "a-b-c-d", "1-0-2-3;", "1-0-2-99999999999999999999"])
def test_a_foreign_cursor_is_refused_by_name(text) -> None:
    with pytest.raises(InvalidField) as refused:
        position_from(text, "scroll_id")
    assert refused.value.field == "scroll_id"
