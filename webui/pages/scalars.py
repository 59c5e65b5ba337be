"""SCALARS: first, last, least, greatest and mean of each series, and a small chart a metric."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from experiments.models import MetricSummary, Task
from experiments.queries.access import task_for
from experiments.queries.events import scalar_series
from experiments.queries.metrics import metric_summaries
from experiments.rules.series import SINGLE_VALUE
from webui.charts.lines import LineChart, line_chart
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame
from webui.tables.cells import Cell, number_cell

MOST_METRICS = 60


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series' numbers as text; the iterations say where its extremes were."""

    metric: str
    variant: str
    last: Cell
    least: Cell
    greatest: Cell
    first: Cell
    mean: Cell
    count: str


@dataclass(frozen=True, slots=True)
class ScalarsContext:
    frame: ExperimentFrame
    charts: list[LineChart]
    single: list[SeriesRow]
    rows: list[SeriesRow]
    left_out: str


@require_safe
def scalars(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    summaries = metric_summaries([task])[task.id]
    metrics = list(dict.fromkeys(summary.key.section for summary in summaries))
    context = ScalarsContext(
        frame=experiment_frame(request.user, task, "scalars"),
        charts=_charts(task, metrics[:MOST_METRICS]),
        single=[_row(found) for found in summaries if _is_single(found)],
        rows=[_row(found) for found in summaries if not _is_single(found)],
        left_out=f"{len(metrics) - MOST_METRICS:,}" if len(metrics) > MOST_METRICS else "",
    )
    return render_page(request, "experiments/scalars.html", "experiments/_scalars.html", context)


def _charts(task: Task, metrics: list[str]) -> list[LineChart]:
    series = scalar_series(task, dict.fromkeys(metrics, ()))
    charts = []
    for metric, lines in groupby(series.items(), key=lambda found: found[0][0]):
        drawn = [
            (name[1], [(float(point[0]), point[2]) for point in points]) for name, points in lines
        ]
        if chart := line_chart(metric, drawn):
            charts.append(chart)
    return charts


def _is_single(summary: MetricSummary) -> bool:
    return summary.first_value_iteration == SINGLE_VALUE


def _row(summary: MetricSummary) -> SeriesRow:
    return SeriesRow(
        metric=summary.key.section,
        variant=summary.key.name,
        last=_at(summary.value, summary.value_iteration),
        least=_at(summary.min_value, summary.min_value_iteration),
        greatest=_at(summary.max_value, summary.max_value_iteration),
        first=_at(summary.first_value, summary.first_value_iteration),
        mean=number_cell(summary.mean_value),
        count=f"{summary.count:,}",
    )


def _at(value: float | None, iteration: int | None) -> Cell:
    cell = number_cell(value)
    if iteration is None or iteration == SINGLE_VALUE:
        return cell
    return cell._replace(title=f"{cell.title or cell.text} at iteration {iteration:,}")
