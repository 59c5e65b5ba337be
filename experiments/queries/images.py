"""Debug images, by iteration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby

from experiments.models import ReportedEvent, Task
from experiments.queries.events import named
from experiments.rules.events import Kind

Iteration = tuple[int, list[ReportedEvent]]


def images(
    task: Task,
    *,
    names: Mapping[str, Collection[str]] | None = None,
    iterations: int = 1,
    beyond: int | None = None,
    earlier: bool = True,
) -> list[Iteration]:
    """The next iterations that have images, from the latest on or, not `earlier`, the first.

    `beyond` is the iteration after which to go on; `names` is as for plots.
    """
    rows = ReportedEvent.objects.filter(named(names), task=task, type=Kind.IMAGE)
    if beyond is not None:
        rows = rows.filter(iteration__lt=beyond) if earlier else rows.filter(iteration__gt=beyond)
    order = "-iteration" if earlier else "iteration"
    chosen = rows.order_by(order).values_list("iteration", flat=True).distinct()[:iterations]
    events = rows.filter(iteration__in=list(chosen)).order_by(order, "metric", "variant")
    return [
        (iteration, list(group))
        for iteration, group in groupby(events, key=lambda event: event.iteration)
    ]
