"""Where the tasks of a list stand in its order: the cheapest way first.

1. A condition with few tasks in the index: read those, test and sort them.
2. Walk the order and test row by row: a condition many tasks fulfil fills its page at once.
3. Where that does not suffice, gather every match as a bitmap; few are sorted, of many the
   walk goes on and looks each row up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from django.db.models import QuerySet

from experiments.models import Task
from experiments.queries.access import Scope
from experiments.queries.facts import fields_of, load_facts
from experiments.queries.filtering import Compiler, is_indexed
from experiments.queries.matching import matching_tasks, split, tasks_in
from experiments.queries.ordering import CREATED
from experiments.queries.paging import Place, walk_order
from experiments.queries.rare import FEW, rare_candidates, sorted_places
from experiments.rules.fields import Field, OrderTerm
from experiments.rules.filters.evaluation import evaluate
from experiments.rules.filters.tree import EVERYTHING, And, Node

TESTED_CHUNKS = (64, 256, 1024, 1024)


def find_places(
    scope: Scope,
    where: Node,
    terms: Sequence[OrderTerm],
    *,
    archived: bool | None,
    backwards: bool,
    after: Place | None,
) -> Iterator[Place]:
    """The places of all matching tasks in order, lazily, from beyond `after`."""
    if not scope.projects:
        return
    sort = partial(sorted_places, terms=terms, archived=archived, backwards=backwards)
    few = rare_candidates(scope, where)
    if few is not None:
        yield from sort(few, where, after=after)
        return
    plain, tested = split(where)
    newest = all(term.field == CREATED for term in terms)
    walk = partial(
        walk_order,
        terms,
        tasks=partial(_tasks_of, scope, plain, archived),
        backwards=backwards,
        projects=(None,) if scope.everything and newest else scope.projects,
        within=_about(terms[0].field, tested),
    )
    if tested == EVERYTHING:
        yield from walk(after=after)
        return
    rows = walk(after=after)
    for size in TESTED_CHUNKS:
        chunk = list(islice(rows, size))
        yield from _tested(chunk, tested)
        if len(chunk) < size:
            return
        after = chunk[-1]
    matching = matching_tasks(scope, where, archived=archived)
    if len(matching) <= FEW:
        yield from sort(matching.ids(), EVERYTHING, after=after)
    else:
        yield from (row for row in walk(after=after) if row.task in matching)


def _about(field: Field, where: Node) -> list[Node]:
    """What must hold of the field that is sorted by: it bounds the walk."""
    children = where.children if isinstance(where, And) else (where,)
    return [child for child in children if is_indexed(child) and child.field == field]


def _tested(rows: list[Place], where: Node) -> Iterator[Place]:
    places = {row.task: row for row in rows}
    for facts in load_facts(list(places), fields_of(where)):
        if evaluate(where, facts):
            yield places[facts.pk]


def _tasks_of(
    scope: Scope, plain: Node, archived: bool | None, project: int | None
) -> QuerySet[Task]:
    narrow = scope if project is None else Scope((project,))
    return tasks_in(narrow, archived).filter(Compiler(narrow).condition(plain))
