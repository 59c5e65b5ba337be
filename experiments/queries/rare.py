"""Selective filters: the few tasks that match are found first and put in order here.

Walking an order past a million rows to find three is the one slow thing about walking. So
each condition that must hold is counted in the index, no further than `FEW`; one that
stops short of it names all the candidates, which are then read, tested and sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from typing import Any

from django.db.models import QuerySet

from experiments.models import Task
from experiments.queries.access import Scope
from experiments.queries.facts import fields_of, load_facts
from experiments.queries.filtering import Compiler, is_indexed
from experiments.queries.ordering import MISSING
from experiments.queries.paging import Place
from experiments.rules.fields import Builtin, OrderTerm
from experiments.rules.filters.evaluation import evaluate
from experiments.rules.filters.tree import And, Compare, In, Node

FEW = 1000


def rare_candidates(scope: Scope, where: Node) -> list[int] | None:
    """Ids among which every match is, when some condition has only a few; else None."""
    compiler = Compiler(scope)
    for condition in where.children if isinstance(where, And) else (where,):
        if _names_tasks(condition):
            candidates = [_in_scope(scope).filter(compiler.condition(condition))]
            column = "pk"
        elif is_indexed(condition):
            candidates = compiler.tasks_with(condition)
            column = "task"
        else:
            continue
        found: set[int] = set()
        for rows in candidates:
            found.update(rows.values_list(column, flat=True)[: FEW + 1])
            if len(found) > FEW:
                break
        else:
            return sorted(found)
    return None


def _names_tasks(condition: Node) -> bool:
    """Whether it asks for tasks by their ids, or by their parent's."""
    match condition:
        case Compare(Builtin("id" | "parent"), "=") | In(Builtin("id" | "parent")):
            return True
    return False


def _in_scope(scope: Scope) -> QuerySet[Task]:
    tasks = Task.objects.order_by()
    return tasks if scope.everything else tasks.filter(project__in=scope.projects)


def sorted_places(
    candidates: Sequence[int],
    where: Node,
    terms: Sequence[OrderTerm],
    *,
    archived: bool | None,
    backwards: bool,
    after: Place | None,
) -> Iterator[Place]:
    """The candidates that match, in the order in which a walk would find them."""
    if archived is not None:
        shown = Task.objects.filter(pk__in=candidates, archived=archived)
        candidates = list(shown.values_list("pk", flat=True))
    facts = load_facts(candidates, [*fields_of(where), *(term.field for term in terms)])
    places = [
        Place(tuple(row.order_key(term.field) for term in terms), row.pk)
        for row in facts
        if evaluate(where, row)
    ]

    def compare(one: Place, other: Place) -> int:
        return _compare(one, other, terms) * (-1 if backwards else 1)

    places.sort(key=cmp_to_key(compare))
    return (place for place in places if after is None or compare(place, after) > 0)


def _compare(one: Place, other: Place, terms: Sequence[OrderTerm]) -> int:
    down = True
    for term, (segment, value), (other_segment, other_value) in zip(
        terms, one.keys, other.keys, strict=False
    ):
        if segment != other_segment:
            return _sign(segment, other_segment)
        down = term.descending or segment == MISSING
        if value != other_value:
            return _sign(value, other_value) * (-1 if down else 1)
    return _sign(one.task, other.task) * (-1 if down else 1)


def _sign(one: Any, other: Any) -> int:
    return (one > other) - (one < other)
