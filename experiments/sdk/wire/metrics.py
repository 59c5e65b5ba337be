"""`last_metrics`: summaries under the digests by which the SDK asks for them."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.models import MetricSummary
from experiments.queries.metric_names import name_digest

STATS = (
    "value", "min_value", "min_value_iteration", "max_value", "max_value_iteration",
    "first_value", "first_value_iteration", "mean_value", "count",
)


def last_metrics_to_wire(summaries: Iterable[MetricSummary]) -> dict[str, dict[str, Any]]:
    metrics: dict[str, dict[str, Any]] = {}
    for summary in summaries:
        metric, variant = summary.key.section, summary.key.name
        shown = {"metric": metric, "variant": variant}
        shown |= {stat: getattr(summary, stat) for stat in STATS}
        metrics.setdefault(name_digest(metric), {})[name_digest(variant)] = shown
    return metrics
