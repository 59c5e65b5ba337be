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
from django.utils.crypto import constant_time_compare, salted_hmac

from experiments.errors import InvalidField
from experiments.queries.ordering import CREATED, Order, Position, TasksOf
from experiments.rules.fields import OrderTerm, order_text
from experiments.rules.filters.tree import Node

_Key = tuple[int, bool | float | int | str | None]
MARK_LENGTH = 9
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
    within: Sequence[Node] = (),
) -> Iterator[Place]:
    """The tasks in order of the terms, from the beginning or from beyond a place.

    `within` are conditions on the field of the first term that must hold.
    """
    first, rest = terms[0], terms[1:]
    order = Order(
        first.field,
        tasks,
        projects,
        descending=first.descending,
        backwards=backwards,
        within=within,
    )
    position = Position(*after.keys[0], after.task) if after else None
    if position and position.segment not in dict(order.segments):
        # The filter excludes by now what stood there.
        return
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


def cursor_text(place: Place, terms: Sequence[OrderTerm]) -> str:
    """A place as text that is safe in an address, and good for this order only."""
    packed = msgspec.msgpack.encode((place.keys, place.task))
    return base64.urlsafe_b64encode(_mark(packed, terms) + packed).rstrip(b"=").decode()


def parse_cursor(text: str, terms: Sequence[OrderTerm], field: str) -> Place:
    """The place a cursor stands for. Raises InvalidField when it was not made for this order."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidField("not a place in this table", field=field) from error
    mark, packed = raw[:MARK_LENGTH], raw[MARK_LENGTH:]
    if not constant_time_compare(mark, _mark(packed, terms)):
        raise InvalidField("not a place in a table of this order", field=field)
    keys, task = msgspec.msgpack.decode(packed, type=tuple[list[_Key], int])
    return Place(tuple(keys), task)


def _mark(packed: bytes, terms: Sequence[OrderTerm]) -> bytes:
    """Proves that we made it: a place made up could compare texts with numbers."""
    made = salted_hmac("place in " + order_text(tuple(terms)), packed, algorithm="sha256")
    return made.digest()[:MARK_LENGTH]
