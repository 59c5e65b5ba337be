from __future__ import annotations

from webui.charts.sparks import spark


def test_a_spark_runs_from_left_to_right_and_stays_inside() -> None:
    drawn = spark([(0, 0.0), (50, 250.0), (100, 100.0)], x=(0, 100), y=(0, 100))
    assert drawn
    assert drawn.path == "M2.0,22.0L48.0,2.0L94.0,2.0"
    assert (drawn.dot, drawn.text) == (("94.0", "2.0"), "100")


def test_nothing_is_no_spark() -> None:
    assert spark([], x=(0, 1), y=(0, 1)) is None
