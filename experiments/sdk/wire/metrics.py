"""`last_metrics`: summaries under the digests by which the SDK asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.models import MetricSummary
from experiments.queries.metric_names import name_digest
from experiments.sdk.wire.numbers import number

VALUES = ("value", "min_value", "max_value", "first_value", "mean_value")
COUNTS = ("min_value_iteration", "max_value_iteration", "first_value_iteration", "count")


def last_metrics_to_wire(summaries: Iterable[MetricSummary]) -> dict[str, dict[str, Any]]:
    metrics: dict[str, dict[str, Any]] = {}
    for summary in summaries:
        metric, variant = summary.key.section, summary.key.name
        shown: dict[str, Any] = {"metric": metric, "variant": variant}
        shown |= {stat: number(getattr(summary, stat)) for stat in VALUES}
        shown |= {stat: getattr(summary, stat) for stat in COUNTS}
        metrics.setdefault(name_digest(metric), {})[name_digest(variant)] = shown
    return metrics
