"""Tasks in an order by one field, walked lazily along the index and resumable at any row.

An order is a row of *segments*: a parameter's numbers, then its booleans, then its texts,
then the tasks that lack it. Each is one index walked from a key, never a sort of the
project. Several projects are walked side by side and merged.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import NullIf

from experiments.models import Task
from experiments.models.fields import stored_value
from experiments.queries.filtering import (
    COLUMNS,
    DURATION,
    NAMED,
    NULLABLE,
    index_conditions,
    key_of,
)
from experiments.queries.keys import INDEX_MODELS
from experiments.rules.fields import Builtin, Field
from experiments.rules.filters.tree import Node

FIRST_CHUNK, LARGEST_CHUNK = 64, 2048
LAST_TASK = 2**62
MISSING = len(INDEX_MODELS)  # the number of the segment of those that have no value
CREATED = Builtin("created")
EMPTY = {"description": "", "tags": "[]", "system_tags": "[]"}
GAPS = NULLABLE | EMPTY.keys() | {"parent", "duration"}

TasksOf = Callable[[int | None], QuerySet[Task]]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a row stands: the segment's number, its value there, the task's id."""

    segment: int
    value: Any
    task: int

    @property
    def key(self) -> tuple[int, Any]:
        return self.segment, self.value


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of an order. `value` and `task` name the columns of its rows."""

    rows: Callable[[int | None], QuerySet[Any, Any]]
    value: str | None
    task: str
    descending: bool

    def chunk(
        self, project: int | None, after: tuple[Any, int] | None, limit: int
    ) -> list[tuple[Any, int]]:
        """The next rows of one project: those equal to where we stand, then those beyond.

        Two seeks instead of one condition with OR, which no database walks in order.
        """
        found: list[tuple[Any, int]] = []
        for condition in self._beyond(after):
            if len(found) < limit:
                found += self._read(project, condition, limit - len(found))
        return found

    def _read(self, project: int | None, condition: Q, limit: int) -> list[tuple[Any, int]]:
        rows = self.rows(project).filter(condition)
        sign = "-" if self.descending else ""
        if self.value is None:
            ordered = rows.order_by(f"{sign}{self.task}").values_list(self.task, flat=True)
            return [(None, task) for task in ordered[:limit]]
        ordered = rows.order_by(f"{sign}{self.value}", f"{sign}{self.task}")
        return list(ordered.values_list(self.value, self.task)[:limit])

    def _beyond(self, after: tuple[Any, int] | None) -> list[Q]:
        if after is None:
            return [Q()]
        value, task = after
        past = "lt" if self.descending else "gt"
        beyond_task = Q(**{f"{self.task}__{past}": task})
        if self.value is None:
            return [beyond_task]
        return [Q(**{self.value: value}) & beyond_task, Q(**{f"{self.value}__{past}": value})]


class Order:
    """All segments of an order by one field over some tasks.

    `tasks` gives the filtered tasks of a project; `backwards` walks the same order from its
    end. Missing values are last in both directions, so first when walked backwards. `within`
    are conditions on the field itself: rows outside of them are not walked at all.
    """

    def __init__(
        self,
        field: Field,
        tasks: TasksOf,
        projects: tuple[int | None, ...],
        *,
        descending: bool = False,
        backwards: bool = False,
        within: Sequence[Node] = (),
    ) -> None:
        self._tasks = tasks
        self._projects = projects
        self._within = [dict(index_conditions(condition)) for condition in within]
        self._down = descending != backwards
        self._missing_down = not backwards
        self._key = None if isinstance(field, Builtin) else key_of(field)
        self.segments = (
            self._of_builtin(field.name) if isinstance(field, Builtin) else self._of_index()
        )
        if backwards:
            self.segments.reverse()

    def walk(self, after: Position | None = None) -> Iterator[Position]:
        """Every row, from the beginning or from beyond a position."""
        waiting = after is not None
        for number, segment in self.segments:
            begin = None
            if waiting:
                if number != after.segment:  # type: ignore[union-attr]
                    continue
                begin, waiting = (after.value, after.task), False  # type: ignore[union-attr]
            for value, task in self._merged(segment, begin):
                yield Position(number, stored_value(value), task)

    def end_of(self, position: Position) -> Position:
        """Just beyond the last row with the same value."""
        down = dict(self.segments)[position.segment].descending
        return Position(position.segment, position.value, -1 if down else LAST_TASK)

    def tasks_at(self, position: Position) -> TasksOf:
        """The tasks that have the same value as a row."""
        segment = dict(self.segments)[position.segment]

        def tasks(project: int | None) -> QuerySet[Task]:
            rows = segment.rows(project)
            if segment.value is not None:
                rows = rows.filter(**{segment.value: position.value})
            return self._tasks(project).filter(pk__in=rows.values(segment.task))

        return tasks

    def _merged(self, segment: Segment, begin: tuple[Any, int] | None) -> Iterator[tuple[Any, int]]:
        walks = [_walk_project(segment, project, begin) for project in self._projects]
        if len(walks) == 1:
            return walks[0]
        return heapq.merge(*walks, reverse=segment.descending)

    def _of_index(self) -> list[tuple[int, Segment]]:
        segments = [
            (kind, Segment(partial(self._having, model), "value", "task", self._down))
            for kind, model in enumerate(INDEX_MODELS)
            if self._key is not None and all(model in kinds for kinds in self._within)
        ]
        if self._within:
            return segments
        return [*segments, (MISSING, Segment(self._lacking, None, "pk", self._missing_down))]

    def _having(self, model: Any, project: int | None) -> QuerySet[Any, Any]:
        wanted = Exists(self._tasks(project).filter(pk=OuterRef("task")))
        bounds = [kinds[model] for kinds in self._within]
        return model.objects.filter(wanted, *bounds, project=project, key=self._key)

    def _lacking(self, project: int | None) -> QuerySet[Any, Any]:
        tasks = self._tasks(project)
        for model in INDEX_MODELS if self._key is not None else ():
            having = model.objects.filter(project=project, key=self._key)
            tasks = tasks.exclude(pk__in=having.values("task"))
        return tasks

    def _of_builtin(self, name: str) -> list[tuple[int, Segment]]:
        if name == CREATED.name:
            return [(0, Segment(self._tasks, None, "pk", self._down))]
        column = _order_column(name)

        def present(project: int | None) -> QuerySet[Any, Any]:
            tasks = self._tasks(project).annotate(order_value=column)
            return tasks.filter(order_value__isnull=False) if name in GAPS else tasks

        def lacking(project: int | None) -> QuerySet[Any, Any]:
            return self._tasks(project).annotate(order_value=column).filter(order_value=None)

        segments = [(0, Segment(present, "order_value", "pk", self._down))]
        if name in GAPS:
            segments.append((MISSING, Segment(lacking, None, "pk", self._missing_down)))
        return segments


def _order_column(name: str) -> Any:
    if name in NAMED:
        return F(f"{name}__{NAMED[name][1]}")
    if name == "duration":
        return DURATION
    column = F(COLUMNS.get(name, name))
    return NullIf(column, Value(EMPTY[name]), output_field=TextField()) if name in EMPTY else column


def _walk_project(
    segment: Segment, project: int | None, after: tuple[Any, int] | None
) -> Iterator[tuple[Any, int]]:
    limit = FIRST_CHUNK
    while True:
        chunk = segment.chunk(project, after, limit)
        yield from chunk
        if len(chunk) < limit:
            return
        after = chunk[-1]
        limit = min(limit * 4, LARGEST_CHUNK)
