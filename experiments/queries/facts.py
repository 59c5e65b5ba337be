"""What a filter or an order can ask about a loaded task, without going to the database."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from experiments.models import MetricSummary, Task
from experiments.models.fields import stored_value
from experiments.queries.filtering import COLUMNS, MICROSECONDS
from experiments.queries.ordering import EMPTY, GAPS, MISSING
from experiments.rules.fields import Builtin, Field, Metric, Parameter
from experiments.rules.filters.evaluation import BuiltinValue, Named
from experiments.rules.filters.tree import And, Node, Not, Or, Words
from experiments.rules.values import IndexValue, index_value

_KIND = {float: 0, bool: 1, str: 2}
_STATS = {"last": "value", "min": "min_value", "max": "max_value"}
COLUMNS_NEEDED = (
    "uid", "project__name", "project__uid", "user__username", "user__uid", "parent__uid", "name",
    "type", "status", "comment", "created", "started", "completed", "last_update", "last_change",
    "status_changed", "last_iteration", "tags", "system_tags", "hyperparams",
)


class RowFacts:
    """`rules.filters.evaluation.Facts` of a task and its metric summaries."""

    def __init__(self, task: Task, summaries: dict[tuple[str, str], MetricSummary]) -> None:
        self.task = task
        self._summaries = summaries

    @cached_property
    def microseconds(self) -> int | None:
        task = self.task
        if task.started is None:
            return None
        return stored_value(task.completed or task.last_update) - stored_value(task.started)

    def builtin(self, name: str) -> BuiltinValue:
        task = self.task
        match name:
            case "project":
                return Named(task.project.name, task.project.uid)
            case "user":
                return Named(task.user.username, task.user.uid)
            case "parent":
                return task.parent.uid if task.parent else None
            case "duration":
                return None if self.microseconds is None else self.microseconds / MICROSECONDS
        return getattr(task, COLUMNS.get(name, name))

    def parameter(self, section: str, name: str) -> IndexValue | None:
        item = self.task.hyperparams.get(section, {}).get(name)
        return item and index_value(item.value, item.type)

    def metric(self, metric: str, variant: str, stat: str) -> float | None:
        summary = self._summaries.get((metric, variant))
        return summary and getattr(summary, _STATS[stat])

    def order_key(self, field: Field) -> tuple[int, Any]:
        """Segment and value, exactly as the walk along the index would give them."""
        match field:
            case Builtin(name):
                value = self._order_value(name)
                return (MISSING if value is None and name in GAPS else 0), value
            case Parameter(section, name):
                value = self.parameter(section, name)
            case Metric(metric, variant, stat):
                value = self.metric(metric, variant, stat)
        return (MISSING, None) if value is None else (_KIND[type(value)], value)

    def _order_value(self, name: str) -> Any:
        if name == "created":
            return None
        if name == "duration":
            return self.microseconds
        if name in {"tags", "system_tags"}:
            value = msgspec.json.encode(getattr(self.task, name)).decode()
        else:
            value = self.builtin(name)
        if value == EMPTY.get(name):
            return None
        return value.name if isinstance(value, Named) else stored_value(value)


def load_facts(ids: Sequence[int], fields: Iterable[Field]) -> list[RowFacts]:
    """Facts of the tasks; metric summaries are read only for metrics among the fields."""
    tasks = Task.objects.filter(pk__in=ids).select_related("project", "user", "parent")
    metrics = {(f.metric, f.variant) for f in fields if isinstance(f, Metric)}
    summaries: dict[int, dict[tuple[str, str], MetricSummary]] = {}
    if metrics:
        found = MetricSummary.objects.filter(
            task__in=ids, key__section__in={metric for metric, _ in metrics}
        ).select_related("key")
        for summary in found:
            name = (summary.key.section, summary.key.name)
            summaries.setdefault(summary.task_id, {})[name] = summary
    return [RowFacts(task, summaries.get(task.pk, {})) for task in tasks.only(*COLUMNS_NEEDED)]


def fields_of(node: Node) -> Iterator[Field]:
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from fields_of(child)
        case Not(child):
            yield from fields_of(child)
        case Words():
            return
        case _:
            yield node.field
