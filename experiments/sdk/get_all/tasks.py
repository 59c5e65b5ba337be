"""`tasks.get_all`: what it asks for, as a scope, a filter tree and an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Field, Kind, Metric, OrderTerm
from experiments.rules.filters.tree import NOTHING, Compare, Literal, Node, Not, Words, all_of
from experiments.sdk.get_all.lists import ListCondition, Value, read_list
from experiments.sdk.get_all.names import MetricNames, field_named
from experiments.sdk.get_all.patterns import (
    COMMENT,
    NAME,
    Patterns,
    pattern_node,
    patterns_node,
)
from experiments.sdk.get_all.ranges import range_node
from experiments.sdk.schema import Count, Request, count_unknown

Values = list[Value] | None
LISTS = ("id", "user", "type", "status", "parent", "tags")
HIDDEN = Compare(Builtin("system_tags"), "=", Literal("hidden"))
ARCHIVED = "archived"
# Open keys that narrow a list: to ignore one would show tasks nobody asked for.
RANGED = frozenset(
    {
        "created",
        "started",
        "completed",
        "status_changed",
        "last_update",
        "last_change",
        "last_iteration",
        "active_duration",
    }
)
REFUSED = frozenset({"filters", "report", "children_type"})


class GetAll(Request):
    arrives_whole: ClassVar[bool] = True
    keep_unknown: ClassVar[bool] = True

    id: Values = None
    project: Values = None
    user: Values = None
    type: Values = None
    status: Values = None
    parent: Values = None
    tags: Values = None
    system_tags: Values = None
    name: str | None = None
    comment: str | None = None
    search_text: str | None = None
    search_hidden: bool = False
    include_subprojects: bool = False
    any_: Patterns | None = msgspec.field(name="_any_", default=None)
    all_: Patterns | None = msgspec.field(name="_all_", default=None)
    order_by: list[str] | None = None
    page: Count | None = None
    page_size: Count | None = None
    size: Count | None = None
    scroll_id: str | None = None
    refresh_scroll: bool = False
    only_fields: list[str] | None = None


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """`archived` False leaves archived tasks out, None shows both kinds."""

    projects: ListCondition
    subprojects: bool
    where: Node
    archived: bool | None
    order: tuple[OrderTerm, ...]


def translate(request: GetAll, extra: Mapping[str, Any], metric_names: MetricNames) -> TaskQuery:
    """Raises InvalidField, naming the part that cannot be understood."""
    system_tags = read_list(request.system_tags or (), "system_tags")
    system_tags, without_archived = system_tags.split_excluded(ARCHIVED)
    return TaskQuery(
        projects=read_list(request.project or (), "project"),
        subprojects=request.include_subprojects,
        where=all_of(
            *_lists(request),
            system_tags.node(Builtin("system_tags")),
            *_texts(request, metric_names),
            *_open_keys(extra, metric_names),
            *_visible(request),
        ),
        archived=False if without_archived else None,
        order=_order(request.order_by or (), metric_names),
    )


def _lists(request: GetAll) -> Iterator[Node]:
    for name in LISTS:
        values = getattr(request, name)
        if values:
            yield read_list(values, name).node(Builtin(name))


def _texts(request: GetAll, metric_names: MetricNames) -> Iterator[Node]:
    if request.name:
        yield pattern_node(NAME, request.name, at="name")
    if request.comment:
        yield pattern_node(COMMENT, request.comment, at="comment")
    if request.search_text:
        yield Words(request.search_text)
    if request.any_:
        yield patterns_node(request.any_, metric_names, every=False, at="_any_")
    if request.all_:
        yield patterns_node(request.all_, metric_names, every=True, at="_all_")


def _visible(request: GetAll) -> Iterator[Node]:
    """Hidden tasks are left out unless they are asked for."""
    if not request.search_hidden and not request.id:
        yield Not(HIDDEN)


def _open_keys(extra: Mapping[str, Any], metric_names: MetricNames) -> Iterator[Node]:
    ignored = []
    for name, value in extra.items():
        if name in RANGED or "." in name:
            field = field_named(name, metric_names, at=name)
            yield NOTHING if field is None else _open_key(field, value, name)
        elif name in REFUSED:
            raise InvalidField(f"tasks cannot be searched by {name}", field=name)
        else:
            ignored.append(name)
    count_unknown("tasks.get_all", ignored)


def _open_key(field: Field, value: Any, name: str) -> Node:
    kind = field.kind if isinstance(field, Builtin) else None
    if isinstance(field, Metric) or kind in {Kind.INSTANT, Kind.WHOLE, Kind.DURATION}:
        return range_node(field, value, at=name)
    return read_list(_texts_of(value, name), name, numbers=True).node(field)


def _texts_of(value: Any, name: str) -> Sequence[Value]:
    """Values of a parameter are texts; a number sent for one means its text."""
    values = value if isinstance(value, list) else [value]
    if not all(entry is None or isinstance(entry, str | int | float) for entry in values):
        raise InvalidField(f"{name}: a list of texts is needed", field=name)
    return [entry if entry is None else str(entry) for entry in values]


def _order(names: Sequence[str], metric_names: MetricNames) -> tuple[OrderTerm, ...]:
    terms = []
    for name in names:
        field = field_named(name.removeprefix("-"), metric_names, at="order_by")
        if field is not None:
            terms.append(OrderTerm(field, descending=name.startswith("-")))
    return tuple(terms)
