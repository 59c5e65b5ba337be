"""Lists of tasks: a page in any order under any filter, and how many there are.

The table of the browser, `tasks.get_all` of the SDK and every other list meet here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Prefetch, prefetch_related_objects

from experiments.models import Task
from experiments.queries.access import Scope, hide_parents
from experiments.queries.filtering import Compiler
from experiments.queries.finding import find_places
from experiments.queries.matching import matching_tasks, split, tasks_in
from experiments.queries.paging import cursor_text, deciding_terms, parse_cursor
from experiments.rules.fields import OrderTerm
from experiments.rules.filters.tree import EVERYTHING, Node

COUNT_CAP = 10_000
RELATED = {
    "project": Prefetch("project"),
    "user": Prefetch("user"),
    "parent": Prefetch("parent", Task.objects.only("uid", "name", "project_id")),
}


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
    scope: Scope,
    where: Node = EVERYTHING,
    order: Sequence[OrderTerm] = (),
    *,
    limit: int = 50,
    after: str | None = None,
    before: str | None = None,
    offset: int = 0,
    archived: bool | None = False,
    only: Iterable[str] | None = None,
) -> TaskPage:
    """`limit` tasks in order; missing values last, newest first where nothing is asked.

    `archived` None shows both kinds; `only` names the columns to load. Raises InvalidField
    for a cursor that belongs to another order.
    """
    terms = deciding_terms(order)
    start = None
    if after or before:
        start = parse_cursor(after or before or "", terms, "after" if after else "before")
    places = find_places(
        scope, where, terms, archived=archived, backwards=before is not None, after=start
    )
    if before:
        found = list(islice(places, limit + 1))
        more_before, more_after = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        found = list(islice(places, offset, offset + limit + 1))
        more_before, more_after = bool(after or offset), len(found) > limit
        found = found[:limit]
    return TaskPage(
        tasks=load_tasks([place.task for place in found], only, visible=scope.visible),
        next=cursor_text(found[-1], terms) if found and more_after else None,
        previous=cursor_text(found[0], terms) if found and more_before else None,
    )


def task_count(
    scope: Scope,
    where: Node = EVERYTHING,
    *,
    cap: int | None = COUNT_CAP,
    archived: bool | None = False,
) -> Count:
    """How many there are, counting no further than the cap (None: exactly)."""
    if not scope.projects:
        return Count(0, capped=False)
    plain, rest = split(where)
    if rest != EVERYTHING:
        found = len(matching_tasks(scope, where, archived=archived))
    else:
        tasks = tasks_in(scope, archived).filter(Compiler(scope).condition(plain))
        found = tasks.count() if cap is None else tasks.values("pk")[: cap + 1].count()
    return Count(found, False) if cap is None else Count(min(found, cap), found > cap)


def load_tasks(
    ids: list[int], only: Iterable[str] | None = None, *, visible: frozenset[int] | None = None
) -> list[Task]:
    """The tasks with these ids, in the order of the ids; parents outside `visible` are hidden.

    Their projects, users and parents come in one query each, not joined to every row.
    """
    related = RELATED if only is None else [name for name in RELATED if name in only]
    rows = Task.objects.all() if only is None else Task.objects.only("uid", *only)
    found = rows.in_bulk(ids)
    tasks = [found[task] for task in ids if task in found]
    prefetch_related_objects(tasks, *(RELATED[name] for name in related))
    if "parent" in related:
        hide_parents(tasks, visible)
    return tasks
