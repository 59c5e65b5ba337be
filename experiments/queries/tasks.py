"""Lists of tasks: a page in any order under any filter, and how many there are.

The table of the browser, `tasks.get_all` of the SDK and every other list meet here.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from django.db.models import Q, QuerySet

from experiments.models import Task
from experiments.queries.access import Scope
from experiments.queries.facts import fields_of, load_facts
from experiments.queries.filtering import Compiler, needs_index
from experiments.queries.ordering import CREATED, TasksOf
from experiments.queries.paging import (
    Place,
    cursor_text,
    deciding_terms,
    parse_cursor,
    walk_order,
)
from experiments.queries.rare import rare_candidates, sorted_places
from experiments.rules.fields import OrderTerm
from experiments.rules.filters.evaluation import evaluate
from experiments.rules.filters.tree import EVERYTHING, And, Node, all_of

COUNT_CAP = 10_000
TESTED_CHUNKS = (64, 256, 1024, 1024)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`next` and `previous` are cursors for `after` and `before`; None at the ends."""

    tasks: list[Task]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Count:
    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value:,}{'+' if self.capped else ''}"


def task_page(
    scope: Scope, where: Node = EVERYTHING, order: Sequence[OrderTerm] = (), *,
    limit: int = 50, after: str | None = None, before: str | None = None, offset: int = 0,
    archived: bool | None = False, only: Iterable[str] | None = None,
) -> TaskPage:
    """`limit` tasks in order; missing values last, newest first where nothing is asked.

    `archived` None shows both kinds; `only` names the columns to load. Raises InvalidField
    for a cursor that belongs to another order.
    """
    terms = deciding_terms(order)
    places = _places(scope, where, terms, archived, after, before)
    if before:
        found = list(islice(places, limit + 1))
        more_before, more_after = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        found = list(islice(places, offset, offset + limit + 1))
        more_before, more_after = bool(after or offset), len(found) > limit
        found = found[:limit]
    return TaskPage(
        tasks=load_tasks([place.task for place in found], only),
        next=cursor_text(found[-1]) if found and more_after else None,
        previous=cursor_text(found[0]) if found and more_before else None,
    )


def task_count(
    scope: Scope, where: Node = EVERYTHING, *, cap: int | None = COUNT_CAP,
    archived: bool | None = False,
) -> Count:
    """How many there are, counting no further than the cap (None: exactly)."""
    tasks = _in_scope(scope, archived).filter(Compiler(scope).condition(where))
    if cap is None:
        return Count(tasks.count(), capped=False)
    counted = tasks.values("pk")[: cap + 1].count()
    return Count(min(counted, cap), capped=counted > cap)


def load_tasks(ids: list[int], only: Iterable[str] | None = None) -> list[Task]:
    """The tasks with these ids, in the order of the ids."""
    rows = Task.objects.select_related("project", "user", "parent")
    if only is not None:
        rows = Task.objects.only("uid", *only)
        # Without a name select_related would follow everything.
        if related := [name for name in ("project", "user", "parent") if name in only]:
            rows = rows.select_related(*related)
    found = rows.in_bulk(ids)
    return [found[task] for task in ids if task in found]


def _places(
    scope: Scope, where: Node, terms: tuple[OrderTerm, ...], archived: bool | None,
    after: str | None, before: str | None,
) -> Iterator[Place]:
    place = None
    if after or before:
        place = parse_cursor(after or before or "", terms, "after" if after else "before")
    if not scope.projects:
        return iter(())
    few = rare_candidates(scope, where)
    if few is not None:
        return sorted_places(
            few, where, terms, archived=archived, backwards=before is not None, after=place
        )
    newest = all(term.field == CREATED for term in terms)
    projects: tuple[int | None, ...] = scope.projects
    if scope.everything and newest:
        projects = (None,)
    return _walk_and_test(
        partial(walk_order, terms, projects=projects, backwards=before is not None),
        partial(_tasks_of, scope, archived=archived), where, place,
    )


def _walk_and_test(
    walk: Callable[..., Iterator[Place]], tasks_of: Callable[[Node], TasksOf], where: Node,
    after: Place | None,
) -> Iterator[Place]:
    """Walks the order and tests the first rows here; whoever needs more asks the database.

    A condition most tasks fulfil finds its page within the first rows; gathering all that
    fulfil it first would take a hundred times longer.
    """
    plain, tested = split(where)
    if tested != EVERYTHING:
        fields = set(fields_of(tested))
        rows = walk(tasks=tasks_of(plain), after=after)
        for size in TESTED_CHUNKS:
            chunk = list(islice(rows, size))
            places = {place.task: place for place in chunk}
            for facts in load_facts(list(places), fields):
                if evaluate(tested, facts):
                    yield places[facts.pk]
            if len(chunk) < size:
                return
            after = chunk[-1]
    yield from walk(tasks=tasks_of(where), after=after)


def split(where: Node) -> tuple[Node, Node]:
    """What must hold, as (columns of the task, all the rest)."""
    children = where.children if isinstance(where, And) else (where,)
    plain = [c for c in children if not any(map(needs_index, fields_of(c)))]
    tested = [c for c in children if c not in plain]
    return all_of(*plain), all_of(*tested)


def _tasks_of(scope: Scope, where: Node, *, archived: bool | None) -> TasksOf:
    conditions: dict[int | None, Q] = {}

    def tasks(project: int | None) -> QuerySet[Task]:
        narrow = scope if project is None else Scope((project,))
        if project not in conditions:
            conditions[project] = Compiler(narrow).condition(where)
        return _in_scope(narrow, archived).filter(conditions[project])

    return tasks


def _in_scope(scope: Scope, archived: bool | None) -> QuerySet[Task]:
    tasks = Task.objects.all()
    if not scope.everything:
        tasks = tasks.filter(project__in=scope.projects)
    # `IN (…)` because SQLite finds no index for the `NOT archived` that `=` becomes.
    return tasks if archived is None else tasks.filter(archived__in=[archived])
