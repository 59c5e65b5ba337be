"""Console reports made ready for their page: days, times, levels, hits of a search."""

from __future__ import annotations

import pytest

from experiments.rules.logs import Line
from webui.console import MOST_OF_A_REPORT, day_of, shown_reports

NIGHT = 1_700_006_399_000_000  # the last second of 14 November 2023, UTC


def report(message: str, *, level: str | None = "info", at: int = NIGHT) -> Line:
    return Line(at, level, "gpu-1", message)


def test_a_day_is_named_where_it_begins() -> None:
    later = NIGHT + 1_000_000
    shown = shown_reports([report("a"), report("b"), report("c", at=later)])
    assert [one.day for one in shown] == ["14 November 2023", "", "15 November 2023"]
    assert shown_reports([report("a")], day=day_of(NIGHT))[0].day == ""


def test_a_report_tells_when_and_where_it_came_from() -> None:
    (shown,) = shown_reports([report("a")])
    assert (shown.time, shown.iso) == ("23:59:59", "2023-11-14T23:59:59.000+00:00")
    assert shown.worker == "gpu-1"


@pytest.mark.parametrize(
    ("level", "kind"),
    [("info", ""), ("WARNING", "warning"), ("error", "error"), ("Critical", "error"), (None, "")],
)
def test_what_is_no_plain_output_has_a_kind(level: str | None, kind: str) -> None:
    assert shown_reports([report("a", level=level)])[0].kind == kind


def test_a_search_keeps_the_lines_with_a_hit_and_marks_it() -> None:
    (shown,) = shown_reports([report("Epoch 1\nsaved\nepoch 2")], search="EPOCH")
    assert [[tuple(part) for part in line] for line in shown.lines] == [
        [("hit", "Epoch"), ("", " 1")],
        [("hit", "epoch"), ("", " 2")],
    ]


def test_a_hit_goes_on_over_a_change_of_colour() -> None:
    (shown,) = shown_reports([report("lo\x1b[32mss\x1b[0m")], search="loss")
    (line,) = shown.lines
    assert [part.text for part in line] == ["lo", "ss"]
    assert all("hit" in part.classes for part in line)


def test_of_a_huge_report_the_rest_is_counted() -> None:
    (shown,) = shown_reports([report("x" * (MOST_OF_A_REPORT + 1_234))])
    assert shown.left_out == "1,234"
