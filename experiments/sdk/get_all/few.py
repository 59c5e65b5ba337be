"""Lists of what there is little of (projects, queues): searched and sorted in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from experiments.errors import InvalidField
from experiments.sdk.get_all.lists import Value, read_list
from experiments.sdk.get_all.patterns import Patterns, checked_pattern
from experiments.sdk.schema import Count, Request

T = TypeVar("T")
HIDDEN = "hidden"


class GetAll(Request):
    arrives_whole: ClassVar[bool] = True

    id: list[str] | None = None
    name: str | None = None
    tags: list[Value] | None = None
    system_tags: list[Value] | None = None
    search_text: str | None = None
    search_hidden: bool = False
    any_: Patterns | None = msgspec.field(name="_any_", default=None)
    all_: Patterns | None = msgspec.field(name="_all_", default=None)
    order_by: list[str] | None = None
    page: Count | None = None
    page_size: Count | None = None
    only_fields: list[str] | None = None
    # Accepted, but what is few does not scroll: without a page all of it is answered.
    size: Count | None = None
    scroll_id: str | None = None
    refresh_scroll: bool = False


@dataclass(frozen=True)
class Searched(Generic[T]):
    """What things of a kind can be searched and sorted by. All have `system_tags` and `tags`."""

    noun: str
    texts: Mapping[str, Callable[[T], str]]
    orders: Mapping[str, Callable[[T], Any]]
    # Fields of the request that are patterns of a text.
    patterns: Sequence[str] = ("name",)


def choose(
    things: Iterable[T],
    request: GetAll,
    searched: Searched[T],
    also: Callable[[T], bool] = lambda thing: True,
) -> list[T]:
    """Those asked for, in the order and window asked for. Raises InvalidField."""
    tests = [also, *_tests(request, searched)]
    found = [thing for thing in things if all(test(thing) for test in tests)]
    for name in reversed(request.order_by or ["name"]):
        key = searched.orders.get(name.removeprefix("-"))
        if key is None:
            raise InvalidField(
                f"{searched.noun} cannot be sorted by {name[:200]!r}", field="order_by"
            )
        found.sort(key=key, reverse=name.startswith("-"))
    if request.page_size is None:
        return found
    begin = (request.page or 0) * request.page_size
    return found[begin : begin + request.page_size]


def _tests(request: GetAll, searched: Searched[T]) -> Iterable[Callable[[T], bool]]:
    if request.id:
        wanted = frozenset(request.id)
        yield lambda thing: searched.texts["id"](thing) in wanted
    elif not request.search_hidden:
        yield lambda thing: HIDDEN not in thing.system_tags  # type: ignore[attr-defined]
    for field in searched.patterns:
        if pattern := getattr(request, field):
            yield _matching(searched, [field], pattern, field, any)
    for field in ("tags", "system_tags"):
        condition = read_list(getattr(request, field) or (), field)
        yield lambda thing, field=field, condition=condition: (  # type: ignore[misc]
            condition.holds(getattr(thing, field))
        )
    for patterns, at, join in ((request.any_, "_any_", any), (request.all_, "_all_", all)):
        if patterns is not None:
            yield _matching(searched, patterns.fields, f"(?i){patterns.pattern}", at, join)
    if request.search_text:
        words = request.search_text.lower()
        yield lambda thing: any(words in text(thing).lower() for text in searched.texts.values())


def _matching(
    searched: Searched[T],
    fields: Sequence[str],
    pattern: str,
    at: str,
    join: Callable[[Iterable[bool]], bool],
) -> Callable[[T], bool]:
    compiled = checked_pattern(pattern, at=at)
    unknown = [field for field in fields if field not in searched.texts]
    if unknown or not fields:
        raise InvalidField(
            f"{at}: {searched.noun} cannot be searched by {unknown or 'nothing'}", field=at
        )
    return lambda thing: join(
        compiled.search(searched.texts[field](thing)) is not None for field in fields
    )
