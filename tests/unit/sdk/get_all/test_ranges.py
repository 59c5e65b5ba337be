"""Ranges and comparisons."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Metric
from experiments.rules.filters.printer import to_text
from experiments.sdk.get_all.ranges import range_node

TIME, WHOLE, DURATION = Builtin("started"), Builtin("iteration"), Builtin("duration")
METRIC = Metric("loss", "train")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (WHOLE, [1, 10], "iteration >= 1 and iteration <= 10"),
        (WHOLE, [None, 10], "iteration <= 10"),
        (WHOLE, [1, None], "iteration >= 1"),
        (WHOLE, [None, None], ""),
        (WHOLE, None, ""),
        (WHOLE, 5, "iteration = 5"),
        (WHOLE, [">=1", "<10"], "iteration >= 1 and iteration < 10"),
        (METRIC, [0.1, 1e-7], "last(loss/train) >= 0.1 and last(loss/train) <= 1e-07"),
        (METRIC, "> 3", "last(loss/train) > 3"),
        (DURATION, [60, None], "duration >= 60"),
        (DURATION, [">1h"], "duration > 1h"),
        (TIME, [">=2024-01-01"], "started >= 2024-01-01"),
        (TIME, ["==2024-01-01"], "started = 2024-01-01"),
        (
            TIME,
            [">2024-01-01", "<=2024-02-01T00:00:00"],
            "started > 2024-01-01 and started <= 2024-02-01T00:00:00",
        ),
        (TIME, ["2024-01-01", "2024-02-01"], "started >= 2024-01-01 and started <= 2024-02-01"),
    ],
)
def test_it_means(field: Any, value: Any, text: str) -> None:
    assert to_text(range_node(field, value, at="x")) == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (WHOLE, [1, 2, 3]),
        (WHOLE, []),
        (WHOLE, "many"),
        (WHOLE, True),
        (WHOLE, {"a": 1}),
        (TIME, ["soon", None]),
        (TIME, [5, None]),
        (TIME, ">=never"),
        (METRIC, ["a", "b"]),
        (METRIC, [">1", 5]),
        (WHOLE, [1.5, None]),
    ],
)
def test_it_refuses(field: Any, value: Any) -> None:
    with pytest.raises(InvalidField) as refusal:
        range_node(field, value, at="x")
    assert refusal.value.field == "x"
