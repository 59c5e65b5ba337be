"""What a Logger reports, read back by the SDK in another process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sdk.runs import Run, Script

LOGGER = Script("logger.py")
LOSS = {
    "train": {"name": "train", "x": [0, 1, 2, 3, 4], "y": [1.0, 0.5, 1 / 3, 0.25, 0.125]},
    "val.1 $x/y": {"name": "val.1 $x/y", "x": [0, 1, 2, 3, 4], "y": [0.0, 0.1, 0.2, 0.3, 0.4]},
}


def plots(run: Run, **keywords: Any) -> dict[tuple[str, str, int], Any]:
    found = run.read("get_reported_plots", **keywords)
    return {(p["metric"], p["variant"], p["iter"]): json.loads(p["plot_str"]) for p in found}


def figure(last: int) -> Any:
    layout = {"title": "ünï"}  # the SDK makes the series' name the title
    return {"data": [{"type": "scatter", "x": [1, 2], "y": [3, last]}], "layout": layout}


@pytest.mark.script(LOGGER)
def test_scalars(run: Run) -> None:
    """A value reported twice for one iteration is the later one."""
    read = run.read("get_reported_scalars")
    assert read.keys() == {"loss"}
    assert read["loss"].keys() == LOSS.keys()
    for series, expected in LOSS.items():
        assert read["loss"][series]["name"] == expected["name"]
        assert read["loss"][series]["x"] == expected["x"]
        assert read["loss"][series]["y"] == pytest.approx(expected["y"])


@pytest.mark.script(LOGGER)
def test_last_values(run: Run) -> None:
    read = run.read("get_last_scalar_metrics")
    assert read["loss"]["train"] == {"last": 0.125, "min": 0.125, "max": 1.0}
    assert read["loss"]["val.1 $x/y"] == {"last": 0.4, "min": 0.0, "max": 0.4}
    assert read["Summary"]["accuracy"]["last"] == 0.9
    assert run.read("get_last_iteration") == 4


@pytest.mark.script(LOGGER)
def test_single_values(run: Run) -> None:
    assert run.read("get_reported_single_values") == {"accuracy": 0.9, "f1 / macro": 1e-07}
    assert run.read("get_reported_single_value", "f1 / macro") == 1e-07
    assert run.read("get_reported_single_value", "missing") is None


@pytest.mark.script(LOGGER)
def test_the_console(run: Run) -> None:
    reports = run.read("get_reported_console_output", number_of_reports=100)
    lines = "\n".join(reports).splitlines()
    told = [
        "a printed line",
        "a line of the error stream: ünï <b>&amp;</b>",
        "a logged warning",
        "a reported text",
    ]
    assert [line for line in lines if line in told] == told
    assert run.read("get_reported_console_output") == reports[-1:]


@pytest.mark.script(LOGGER)
def test_the_console_page(run: Run) -> None:
    html = run.tab("console")
    assert "a printed line" in html
    assert "a line of the error stream: ünï &lt;b&gt;&amp;amp;&lt;/b&gt;" in html


@pytest.mark.script(LOGGER)
def test_the_scalars_page(run: Run) -> None:
    html = run.tab("scalars")
    assert "val.1 $x/y" in html
    assert "0.125" in html


@pytest.mark.script(LOGGER)
def test_plots(run: Run) -> None:
    latest = plots(run)
    assert latest.keys() == {("confusion", "table", 1), ("figures", "ünï", 3)}
    assert latest["figures", "ünï", 3] == figure(3)
    [table] = latest["confusion", "table", 1]["data"]
    assert table["type"] == "table"
    assert table["header"]["values"] == ["a", "b"]
    assert table["cells"]["values"] == [["1"], ["2"]]


@pytest.mark.script(LOGGER)
def test_plots_of_earlier_iterations(run: Run) -> None:
    earlier = plots(run, max_iterations=2)
    assert earlier["figures", "ünï", 2] == figure(2)
    assert earlier["figures", "ünï", 3] == figure(3)
