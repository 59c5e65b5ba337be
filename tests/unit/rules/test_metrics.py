from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.metrics import Summary, summarize, update

numbers = st.floats(allow_nan=True, allow_infinity=True)
points = st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**50), numbers)
batches = st.lists(st.lists(points, min_size=1, max_size=8), min_size=1, max_size=6)


def of(*reported: tuple[int, float]) -> Summary:
    """The summary of (iteration, value) pairs, one millisecond after the other."""
    return summarize([(i, 1000 * at, value) for at, (i, value) in enumerate(reported)])


def test_a_batch_is_summarised_whatever_its_order() -> None:
    summary = of((2, 5.0), (0, 3.0), (1, -1.0))
    assert summary == Summary(
        value=5.0,
        value_iteration=2,
        min_value=-1.0,
        min_value_iteration=1,
        max_value=5.0,
        max_value_iteration=2,
        first_value=3.0,
        first_value_iteration=0,
        mean_value=pytest.approx(7 / 3),
        count=3,
    )


def test_of_one_iteration_the_later_report_is_the_last_value() -> None:
    assert summarize([(4, 2000, 7.0), (4, 1000, 6.0)]).value == 7.0
    assert summarize([(4, 1000, 7.0), (4, 1000, 6.0)]).value == 6.0


def test_extremes_keep_the_iteration_at_which_they_were_first_reached() -> None:
    summary = update(of((0, 1.0), (1, 9.0)), of((2, 1.0), (3, 9.0)))
    assert (summary.min_value_iteration, summary.max_value_iteration) == (0, 1)


def test_the_last_value_is_that_of_the_last_batch_even_a_late_one() -> None:
    summary = update(of((10, 1.0)), of((3, 2.0)))
    assert (summary.value, summary.value_iteration) == (2.0, 3)


def test_first_moves_only_to_an_earlier_iteration() -> None:
    assert update(of((10, 1.0)), of((3, 2.0))).first_value == 2.0
    assert update(of((3, 1.0)), of((3, 2.0))).first_value == 1.0


def test_mean_and_count_run_over_batches() -> None:
    summary = update(of((0, 1.0), (1, 2.0)), of((2, 6.0)))
    assert (summary.mean_value, summary.count) == (3.0, 3)


def test_nan_is_neither_least_nor_greatest_but_counts() -> None:
    summary = of((0, math.nan), (1, 2.0), (2, math.nan))
    assert math.isnan(summary.value)
    assert math.isnan(summary.first_value)
    assert math.isnan(summary.mean_value)
    assert (summary.min_value, summary.max_value, summary.count) == (2.0, 2.0, 3)


def test_extremes_are_none_until_there_is_a_number() -> None:
    nothing = of((0, math.nan))
    assert (nothing.min_value, nothing.min_value_iteration, nothing.max_value) == (None,) * 3
    number = update(nothing, of((1, -3.0)))
    assert (number.min_value, number.max_value, number.max_value_iteration) == (-3.0, -3.0, 1)
    still = update(of((0, 1.0)), nothing)
    assert (still.min_value, still.max_value) == (1.0, 1.0)


def test_infinities_are_extremes_and_spoil_the_mean_as_arithmetic_has_it() -> None:
    summary = of((0, math.inf), (1, 0.0))
    assert (summary.max_value, summary.mean_value) == (math.inf, math.inf)
    both = update(summary, of((2, -math.inf)))
    assert both.min_value == -math.inf
    assert math.isnan(both.mean_value)


def test_the_mean_of_huge_numbers_does_not_overflow() -> None:
    huge = 1.7e308
    assert of((0, huge), (1, huge)).mean_value == pytest.approx(huge)
    assert update(of((0, huge)), of((1, huge))).mean_value == pytest.approx(huge)


@given(batches)
def test_batches_give_the_extremes_and_count_of_all_points(reported) -> None:
    summary = summarize(reported[0])
    for batch in reported[1:]:
        summary = update(summary, summarize(batch))
    together = [point for batch in reported for point in batch]
    values = [point[2] for point in together if not math.isnan(point[2])]
    assert summary.count == len(together)
    assert summary.min_value == min(values, default=None)
    assert summary.max_value == max(values, default=None)
    assert summary.first_value_iteration == min(point[0] for point in together)
