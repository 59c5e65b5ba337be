"""SCALARS: single values as cards, a chart a metric, and the numbers of each series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from experiments.models import MetricSummary, Task
from experiments.queries.access import task_for
from experiments.queries.events import scalar_series
from experiments.queries.metrics import metric_summaries
from experiments.rules.series import SINGLE_VALUE
from webui.charts.lines import LineChart, Series, line_chart
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame
from webui.tables.cells import Cell, number_cell

CHARTS = 24
MOST_WHOLE = 2**53  # beyond it a float no longer knows its last digits
SMOOTHINGS = (("0", "None"), ("0.6", "Some"), ("0.9", "Much"))


class Choice(NamedTuple):
    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class View:
    """How the charts are looked at. It stands in the address, and in nothing else."""

    search: str = ""
    scale: str = "linear"
    smoothing: str = "0"
    start: int = 0

    @classmethod
    def read(cls, query: QueryDict) -> View:
        start, smoothing = query.get("start", ""), query.get("smooth", "")
        return cls(
            search=query.get("q", "").strip(),
            scale="log" if query.get("scale") == "log" else "linear",
            smoothing=smoothing if smoothing in dict(SMOOTHINGS) else "0",
            start=int(start) if start.isdecimal() and len(start) < 6 else 0,
        )

    @property
    def address(self) -> str:
        chosen = {"q": self.search, "scale": self.scale, "smooth": self.smoothing,
                  "start": str(self.start)}  # fmt: skip
        plain = {"", "0", "linear"}
        return (
            f"?{urlencode({name: value for name, value in chosen.items() if value not in plain})}"
        )

    def holds(self, summary: MetricSummary) -> bool:
        name = f"{summary.key.section}/{summary.key.name}"
        return self.search.casefold() in name.casefold()


class Value(NamedTuple):
    cell: Cell
    iteration: str = ""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    metric: str
    variant: str
    last: Value
    least: Value
    greatest: Value
    first: Value
    mean: Value
    count: str


@dataclass(frozen=True, slots=True)
class ScalarsContext:
    """`earlier` and `later` are addresses of other charts; empty where there are none."""

    frame: ExperimentFrame
    view: View
    any: bool
    single: list[SeriesRow]
    charts: list[LineChart]
    rows: list[SeriesRow]
    scales: list[Choice]
    smoothings: list[Choice]
    shown: str
    earlier: str
    later: str


@require_safe
def scalars(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    view = View.read(request.GET)
    summaries = metric_summaries([task])[task.id]
    found = [summary for summary in summaries if view.holds(summary)]
    series = [summary for summary in found if summary.first_value_iteration != SINGLE_VALUE]
    metrics = sorted({summary.key.section for summary in series}, key=_machine_last)
    end = view.start + CHARTS
    context = ScalarsContext(
        frame=experiment_frame(request.user, task, "scalars"),
        view=view,
        any=bool(summaries),
        single=[_row(one) for one in found if one.first_value_iteration == SINGLE_VALUE],
        charts=_charts(task, metrics[view.start : end], view),
        rows=[_row(one) for one in sorted(series, key=lambda one: _machine_last(one.key.section))],
        scales=_scales(view),
        smoothings=_smoothings(view),
        shown=f"{view.start + 1:,} to {min(end, len(metrics)):,} of {len(metrics):,}",
        earlier=replace(view, start=max(0, view.start - CHARTS)).address if view.start else "",
        later=replace(view, start=end).address if end < len(metrics) else "",
    )
    return render_page(request, "experiments/scalars.html", "experiments/_scalars.html", context)


def _machine_last(metric: str) -> tuple[bool, str]:
    """What the SDK measures of the machine (`:monitor:gpu`) comes after what the script says."""
    return metric.startswith(":"), metric


def _scales(view: View) -> list[Choice]:
    return [
        Choice(label, replace(view, scale=name).address, view.scale == name)
        for name, label in (("linear", "Linear"), ("log", "Log"))
    ]


def _smoothings(view: View) -> list[Choice]:
    return [
        Choice(label, replace(view, smoothing=value).address, view.smoothing == value)
        for value, label in SMOOTHINGS
    ]


def _charts(task: Task, metrics: list[str], view: View) -> list[LineChart]:
    points = scalar_series(task, dict.fromkeys(metrics, ()))
    lines = {
        metric: [Series(name[1], found) for name, found in group]
        for metric, group in groupby(points.items(), key=lambda one: one[0][0])
    }
    charts = (
        line_chart(
            metric,
            lines.get(metric, []),
            logarithmic=view.scale == "log",
            smoothing=float(view.smoothing),
        )
        for metric in metrics
    )
    return [chart for chart in charts if chart]


def _row(summary: MetricSummary) -> SeriesRow:
    return SeriesRow(
        metric=summary.key.section,
        variant=summary.key.name,
        last=_value(summary.value, summary.value_iteration),
        least=_value(summary.min_value, summary.min_value_iteration),
        greatest=_value(summary.max_value, summary.max_value_iteration),
        first=_value(summary.first_value, summary.first_value_iteration),
        mean=_value(summary.mean_value),
        count=f"{summary.count:,}",
    )


def _value(value: float | None, iteration: int | None = None) -> Value:
    known = iteration is not None and iteration != SINGLE_VALUE
    if value is not None and value.is_integer() and abs(value) < MOST_WHOLE:
        return Value(Cell(f"{int(value):,}"), f"{iteration:,}" if known else "")
    return Value(number_cell(value), f"{iteration:,}" if known else "")
