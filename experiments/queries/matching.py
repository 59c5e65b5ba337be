"""Every task that fulfils a filter, as a bitmap over task ids.

The index gives each condition's tasks in no useful order, so conditions are combined as
bitmaps: a byte a task, joined by the `&`, `|` and `~` of whole numbers. The database sends
the ids as one text, which costs a quarter of a microsecond a task; a look-up table in SQL
takes two to three times as long, for each page again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

import msgspec
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, QuerySet

from experiments.models import Task
from experiments.queries.access import Scope
from experiments.queries.filtering import Compiler, needs_index
from experiments.rules.fields import Builtin
from experiments.rules.filters.tree import (
    EVERYTHING,
    And,
    Compare,
    Exists,
    Literal,
    Missing,
    Node,
    Not,
    Or,
    Words,
    all_of,
)

_ids = msgspec.json.Decoder(list[int])
_CONCATENATE = {"sqlite": "group_concat({})", "postgresql": "string_agg({}::text, ',')"}


class Bitmap:
    """Which tasks are meant: the byte at a task's id is 1."""

    def __init__(self, number: int, length: int) -> None:
        self._bytes = number.to_bytes(length, "little")

    def __contains__(self, task: int) -> bool:
        return task < len(self._bytes) and self._bytes[task] == 1

    def __len__(self) -> int:
        return self._bytes.count(1)

    def ids(self) -> list[int]:
        found, position = [], self._bytes.find(1)
        while position >= 0:
            found.append(position)
            position = self._bytes.find(1, position + 1)
        return found


def matching_tasks(scope: Scope, where: Node, *, archived: bool | None) -> Bitmap:
    return _Matching(scope, archived).bitmap(where)


def tasks_in(scope: Scope, archived: bool | None) -> QuerySet[Task]:
    """The tasks a list may show at all."""
    tasks = (
        Task.objects.all() if scope.everything else Task.objects.filter(project__in=scope.projects)
    )
    return tasks if archived is None else tasks.filter(archived=archived)


def is_plain(node: Node) -> bool:
    """Whether a condition is about columns of the task alone."""
    match node:
        case And(children) | Or(children):
            return all(map(is_plain, children))
        case Not(child):
            return is_plain(child)
        case Words():
            return False
    return not needs_index(node.field)


def split(where: Node) -> tuple[Node, Node]:
    """What must hold, as (columns of the task, all the rest)."""
    children = where.children if isinstance(where, And) else (where,)
    plain = [child for child in children if is_plain(child)]
    rest = [child for child in children if not is_plain(child)]
    return all_of(*plain), all_of(*rest)


class _Matching:
    def __init__(self, scope: Scope, archived: bool | None) -> None:
        self._scope = scope
        self._archived = archived
        self._compiler = Compiler(scope)
        self._length = (Task.objects.aggregate(last=Max("pk"))["last"] or 0) + 1

    def bitmap(self, where: Node) -> Bitmap:
        plain, rest = split(where)
        if rest == EVERYTHING:
            found = self._tasks(plain)
        elif plain != EVERYTHING:
            found = self._bits(rest) & self._tasks(plain)
        else:
            found = self._without_hidden(self._bits(rest))
        return Bitmap(found, self._length)

    def _bits(self, node: Node) -> int:
        if is_plain(node):
            return self._tasks(node)
        match node:
            case And(children):
                return self._all(children)
            case Or(children):
                return reduce(or_, map(self._bits, children), 0)
            case Not() | Missing():
                return self._all((node,))
            case Words(text):
                tag = Compare(Builtin("tags"), "=", Literal(text, quoted=True))
                return self._tasks(node) | self._bits(tag)
            case Compare(field, "!=", literal):
                equal = self._bits(Compare(field, "=", literal))
                return self._bits(Exists(field)) & ~equal
        return reduce(or_, map(self._read, self._compiler.tasks_with(node)), 0)

    def _all(self, children: tuple[Node, ...]) -> int:
        """What is asked for, less what must not be: so the rest need not be gathered."""
        refused = [child for child in children if _refused(child) is not None]
        wanted = [child for child in children if child not in refused]
        found = reduce(and_, map(self._bits, wanted)) if wanted else self._tasks(EVERYTHING)
        for child in refused:
            found &= ~self._bits(_refused(child))
        return found

    def _without_hidden(self, found: int) -> int:
        if self._archived is None:
            return found
        archived = self._read(tasks_in(self._scope, True))
        return found & archived if self._archived else found & ~archived

    def _tasks(self, node: Node) -> int:
        return self._read(
            tasks_in(self._scope, self._archived).filter(self._compiler.condition(node))
        )

    def _read(self, rows: QuerySet[Any, Any]) -> int:
        """The tasks of some rows; those of the index name them in `task`."""
        column = "id" if rows.model is Task else "task"
        try:
            sql, params = rows.order_by().values_list(column).query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            ids = _CONCATENATE[connection.vendor].format(column)
            cursor.execute(f"SELECT {ids} FROM ({sql}) AS found", params)
            found = cursor.fetchone()[0]
        marks = bytearray(self._length)
        for task in _decoded(found):
            if task < self._length:
                marks[task] = 1
        return int.from_bytes(marks, "little")


def _refused(node: Node) -> Any:
    """What a negative condition must not be; None for any other."""
    if isinstance(node, Not):
        return node.child
    return Exists(node.field) if isinstance(node, Missing) and needs_index(node.field) else None


def _decoded(text: str | None) -> Iterable[int]:
    return _ids.decode(f"[{text}]") if text else ()
