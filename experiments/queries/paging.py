"""Orders by several fields, and the cursors that stand for a place in them.

The first field walks the index; rows with an equal value of it are walked by the others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from experiments.errors import InvalidField
from experiments.queries.ordering import CREATED, Order, Position, TasksOf
from experiments.rules.fields import OrderTerm

_Key = tuple[int, bool | float | int | str | None]
NEWEST = (OrderTerm(CREATED, descending=True),)


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order of several terms: (segment, value) for each, and its id."""

    keys: tuple[tuple[int, Any], ...]
    task: int


def deciding_terms(order: Sequence[OrderTerm]) -> tuple[OrderTerm, ...]:
    """The terms up to the first that decides alone (no two tasks are created at once)."""
    fields = [term.field for term in order]
    last = fields.index(CREATED) + 1 if CREATED in fields else len(fields)
    return tuple(order[:last]) or NEWEST


def walk_order(
    terms: Sequence[OrderTerm],
    *,
    tasks: TasksOf,
    projects: tuple[int | None, ...],
    backwards: bool = False,
    after: Place | None = None,
) -> Iterator[Place]:
    """The tasks in order of the terms, from the beginning or from beyond a place."""
    first, rest = terms[0], terms[1:]
    order = Order(first.field, tasks, projects, descending=first.descending, backwards=backwards)
    position = Position(*after.keys[0], after.task) if after else None
    if not rest:
        for row in order.walk(position):
            yield Place((row.key,), row.task)
        return

    def group(row: Position, begin: Place | None) -> Iterator[Place]:
        inside = order.tasks_at(row)
        places = walk_order(rest, tasks=inside, projects=projects, backwards=backwards, after=begin)
        for place in places:
            yield Place((row.key, *place.keys), place.task)

    if after and position:
        if len(after.keys) > 1:
            yield from group(position, Place(after.keys[1:], after.task))
        position = order.end_of(position)
    walk = order.walk(position)
    head = next(walk, None)
    while head is not None:
        following = next(walk, None)
        if following is not None and following.key == head.key:
            yield from group(head, None)
            walk = order.walk(order.end_of(head))
            following = next(walk, None)
        else:
            # Alone with its value: the other terms have nothing to decide.
            yield Place((head.key,), head.task)
        head = following


def cursor_text(place: Place) -> str:
    """A place as text that is safe in an address."""
    packed = msgspec.msgpack.encode((place.keys, place.task))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def parse_cursor(text: str, terms: Sequence[OrderTerm], field: str) -> Place:
    """The place a cursor stands for. Raises InvalidField when it was not made for this order."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        keys, task = msgspec.msgpack.decode(packed, type=tuple[list[_Key], int])
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise InvalidField("not a place in this table", field=field) from error
    if not 1 <= len(keys) <= len(terms):
        raise InvalidField("a place in a table with another order", field=field)
    return Place(tuple(keys), task)
