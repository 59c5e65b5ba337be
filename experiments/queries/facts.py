"""What a filter or an order can ask about a task, read a thousand tasks at a time.

Only the columns that are asked for are loaded, and documents stay packed: testing a row
this way takes about 10 µs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import ExpressionWrapper, F, TextField

from experiments.models import MetricSummary, Task
from experiments.models.fields import stored_value
from experiments.queries.filtering import COLUMNS, MICROSECONDS
from experiments.queries.ordering import EMPTY, GAPS, MISSING
from experiments.rules.document import PackedDocument, peek, unpack
from experiments.rules.fields import Builtin, Field, Metric, Parameter
from experiments.rules.filters.evaluation import BuiltinValue, Named
from experiments.rules.filters.tree import And, Node, Not, Or, Words
from experiments.rules.values import IndexValue, index_value

_KIND = {float: 0, bool: 1, str: 2}
_STATS = {"last": "value", "min": "min_value", "max": "max_value"}
_SEARCHED = tuple(Builtin(name) for name in ("name", "description", "tags", "id"))
_NAMED = {"project": ("project__name", "project__uid"), "user": ("user__username", "user__uid")}

Summaries = Mapping[tuple[str, str], MetricSummary]


class RowFacts:
    """`rules.filters.evaluation.Facts` of one task."""

    __slots__ = ("_columns", "_document", "_summaries", "pk")

    def __init__(
        self, pk: int, columns: Mapping[str, Any], document: PackedDocument, summaries: Summaries
    ) -> None:
        self.pk = pk
        self._columns = columns
        self._document = document
        self._summaries = summaries

    def builtin(self, name: str) -> BuiltinValue:
        if name in _NAMED:
            return Named(*(self._columns[column] for column in _NAMED[name]))
        if name == "duration":
            return None if self._microseconds is None else self._microseconds / MICROSECONDS
        return self._columns[COLUMNS.get(name, name)]

    def parameter(self, section: str, name: str) -> IndexValue | None:
        packed = self._document.get(section, {}).get(name)
        if packed is None:
            return None
        item = unpack(packed)
        return index_value(item.value, item.type)

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

    @property
    def _microseconds(self) -> int | None:
        started, completed, updated = (
            self._columns[name] for name in ("started", "completed", "last_update")
        )
        if started is None:
            return None
        return stored_value(completed or updated) - stored_value(started)

    def _order_value(self, name: str) -> Any:
        if name == "created":
            return None
        if name == "duration":
            return self._microseconds
        value = self.builtin(name)
        if name in {"tags", "system_tags"}:
            value = msgspec.json.encode(value).decode()
        if value == EMPTY.get(name):
            return None
        return value.name if isinstance(value, Named) else stored_value(value)


def load_facts(ids: Sequence[int], fields: Iterable[Field]) -> Iterator[RowFacts]:
    """Facts of the tasks that exist, in order of the ids, for questions about the fields."""
    asked = set(fields)
    columns = sorted({column for field in asked for column in _columns_of(field)})
    with_document = any(isinstance(field, Parameter) for field in asked)
    rows = Task.objects.filter(pk__in=ids)
    selected = ["pk", *columns]
    if with_document:
        packed = ExpressionWrapper(F("hyperparams"), output_field=TextField())
        rows = rows.annotate(packed=packed)
        selected.append("packed")
    found = {row[0]: row for row in rows.values_list(*selected)}
    metrics = {(f.metric, f.variant) for f in asked if isinstance(f, Metric)}
    summaries = _summaries(ids, metrics) if metrics else {}
    for pk in ids:
        if row := found.get(pk):
            document = peek(row[-1]) if with_document else {}
            yield RowFacts(
                pk, dict(zip(selected, row, strict=True)), document, summaries.get(pk, {})
            )


def fields_of(node: Node) -> Iterator[Field]:
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from fields_of(child)
        case Not(child):
            yield from fields_of(child)
        case Words():
            yield from _SEARCHED
        case _:
            yield node.field


def _columns_of(field: Field) -> tuple[str, ...]:
    if not isinstance(field, Builtin):
        return ()
    if field.name == "duration":
        return ("started", "completed", "last_update")
    return _NAMED.get(field.name) or (COLUMNS.get(field.name, field.name),)


def _summaries(
    ids: Sequence[int], metrics: set[tuple[str, str]]
) -> dict[int, dict[tuple[str, str], MetricSummary]]:
    rows = MetricSummary.objects.filter(
        task__in=ids, key__section__in={metric for metric, _ in metrics}
    ).select_related("key")
    found: dict[int, dict[tuple[str, str], MetricSummary]] = {}
    for row in rows:
        found.setdefault(row.task_id, {})[row.key.section, row.key.name] = row
    return found
