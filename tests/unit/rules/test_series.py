from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.series import (
    BLOCK_POINTS,
    HEADER_SIZE,
    Point,
    append,
    header,
    ordered,
    pack,
    same,
    thin,
    unpack,
)

int64 = st.integers(-(2**63), 2**63 - 1)
points = st.tuples(int64, st.integers(0, 2**60), st.floats())
unique = st.lists(points, min_size=1, max_size=50, unique_by=lambda point: point[0])


def bits(points: list[Point]) -> list[tuple[int, int, bytes]]:
    """NaN compares by its bits."""
    return [(i, at, struct.pack("<d", value)) for i, at, value in points]


def line(count: int, start: int = 0) -> list[Point]:
    return [(i, 1_000_000 * i, i / 7) for i in range(start, start + count)]


@given(unique)
def test_an_open_block_gives_back_what_went_in(points) -> None:
    assert bits(unpack(pack(points, 0))) == bits(points)


@given(unique)
def test_a_sealed_block_gives_back_what_went_in_by_iteration(points) -> None:
    block = pack(points, 0, sealed=True)
    assert bits(unpack(block)) == bits(sorted(points, key=lambda point: point[0]))


@given(unique, st.integers(1, 10), st.booleans())
def test_the_header_says_what_is_in_the_block(points, cut, sealed) -> None:
    block = pack(points[:cut], -5, sealed=False)
    if points[cut:]:
        block = append(block, points[cut:])
    about = header(block[:HEADER_SIZE])
    assert about.count == len(points)
    assert (about.least, about.greatest) == (min(points)[0], max(points)[0])
    moments = [point[1] for point in points]
    assert (about.first, about.last) == (min(moments), max(moments))
    assert about.reached == max(about.greatest, -5)


def test_a_block_remembers_how_far_its_series_had_come() -> None:
    block = append(pack(line(3), reached=900), line(2, start=3))
    assert header(block).reached == 900
    assert header(append(block, line(1, start=1000))).reached == 1000


def test_a_full_block_is_sealed_and_small() -> None:
    block = append(pack(line(BLOCK_POINTS - 1), 0), line(1, start=BLOCK_POINTS - 1))
    assert header(block).sealed
    assert unpack(block) == line(BLOCK_POINTS)
    assert len(block) < 12 * BLOCK_POINTS
    assert not header(pack(line(BLOCK_POINTS - 1), 0)).sealed


def test_of_one_iteration_the_last_report_wins() -> None:
    reported = [(2, 1, 1.0), (1, 2, 2.0), (2, 0, 3.0)]
    assert ordered(reported) == [(1, 2, 2.0), (2, 0, 3.0)]


def test_the_same_report_is_recognised_even_if_it_is_nan() -> None:
    assert same((1, 2, math.nan), (1, 2, math.nan))
    assert not same((1, 2, 0.5), (1, 3, 0.5))


@given(unique.map(sorted), st.integers(1, 60))
def test_thinning_keeps_order_ends_and_number(points, samples) -> None:
    kept = thin(points, samples)
    assert len(kept) <= samples
    assert bits(kept) == [point for point in bits(points) if point in bits(kept)]
    assert kept[-1] is points[-1]
    if samples > 1:
        assert kept[0] is points[0]


@pytest.mark.parametrize("samples", [3, 10, 101])
def test_thinning_loses_no_peak_and_no_dip(samples) -> None:
    flat = [(i, i, 0.0) for i in range(5000)]
    flat[1234] = (1234, 1234, 99.0)
    assert 99.0 in {value for _, _, value in thin(flat, samples)}
    flat[4321] = (4321, 4321, -99.0)
    if samples > 3:
        assert {99.0, -99.0} <= {value for _, _, value in thin(flat, samples)}


def test_thinning_survives_nothing_but_nan() -> None:
    kept = thin([(i, i, math.nan) for i in range(100)], 10)
    assert 2 <= len(kept) <= 10


def test_zero_samples_mean_all() -> None:
    assert thin(line(50), 0) == line(50)
