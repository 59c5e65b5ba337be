"""`projects.get_all`: projects are few, so they are searched in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import msgspec

from experiments.errors import InvalidField
from experiments.models import Project
from experiments.sdk.get_all.lists import Value, read_list
from experiments.sdk.get_all.patterns import Patterns, checked_pattern
from experiments.sdk.schema import Count, Request

TEXTS: dict[str, Callable[[Project], str]] = {
    "id": lambda project: project.uid,
    "name": lambda project: project.name,
    "basename": lambda project: project.basename,
    "description": lambda project: project.description,
}
ORDERS: dict[str, Callable[[Project], Any]] = TEXTS | {
    "created": lambda project: project.created,
    "last_update": lambda project: project.last_update,
}
HIDDEN = "hidden"


class GetAll(Request):
    arrives_whole: ClassVar[bool] = True

    id: list[str] | None = None
    parent: list[str] | None = None
    name: str | None = None
    basename: str | None = None
    description: str | None = None
    tags: list[Value] | None = None
    system_tags: list[Value] | None = None
    search_text: str | None = None
    search_hidden: bool = False
    shallow_search: bool = False
    any_: Patterns | None = msgspec.field(name="_any_", default=None)
    all_: Patterns | None = msgspec.field(name="_all_", default=None)
    order_by: list[str] | None = None
    page: Count | None = None
    page_size: Count | None = None
    only_fields: list[str] | None = None
    # Accepted, but projects do not scroll: without a page all of them are answered.
    size: Count | None = None
    scroll_id: str | None = None
    refresh_scroll: bool = False


Test = Callable[[Project], bool]


def choose(projects: Iterable[Project], request: GetAll) -> list[Project]:
    """Those asked for, in the order and window asked for. Raises InvalidField."""
    projects = list(projects)
    tests = [_placed(projects, request), *_tests(request)]
    found = [project for project in projects if all(test(project) for test in tests)]
    for name in reversed(request.order_by or ["name"]):
        key = ORDERS.get(name.removeprefix("-"))
        if key is None:
            raise InvalidField(f"projects cannot be sorted by {name[:200]!r}", field="order_by")
        found.sort(key=key, reverse=name.startswith("-"))
    if request.page_size is None:
        return found
    begin = (request.page or 0) * request.page_size
    return found[begin : begin + request.page_size]


def _placed(projects: Sequence[Project], request: GetAll) -> Test:
    """Everywhere under the given parents (under all by default); shallow: directly there."""
    if request.parent is None:
        return lambda project: not request.shallow_search or project.parent_id is None
    wanted = frozenset(request.parent)
    parents = [project for project in projects if project.uid in wanted]
    if request.shallow_search:
        ids = {parent.id for parent in parents}
        return lambda project: project.parent_id in ids
    prefixes = tuple(f"{parent.name}/" for parent in parents)
    return lambda project: project.name.startswith(prefixes)


def _tests(request: GetAll) -> Iterable[Test]:
    if request.id:
        wanted = frozenset(request.id)
        yield lambda project: project.uid in wanted
    elif not request.search_hidden:
        yield lambda project: HIDDEN not in project.system_tags
    for field in ("name", "basename", "description"):
        if pattern := getattr(request, field):
            yield _matching([field], pattern, field, any)
    for field in ("tags", "system_tags"):
        condition = read_list(getattr(request, field) or (), field)
        yield lambda project, field=field, condition=condition: (  # type: ignore[misc]
            condition.holds(getattr(project, field))
        )
    for patterns, at, join in ((request.any_, "_any_", any), (request.all_, "_all_", all)):
        if patterns is not None:
            yield _matching(patterns.fields, f"(?i){patterns.pattern}", at, join)
    if request.search_text:
        words = request.search_text.lower()
        yield lambda project: any(words in TEXTS[field](project).lower() for field in TEXTS)


def _matching(
    fields: Sequence[str], pattern: str, at: str, join: Callable[[Iterable[bool]], bool]
) -> Test:
    compiled = checked_pattern(pattern, at=at)
    unknown = [field for field in fields if field not in TEXTS]
    if unknown or not fields:
        raise InvalidField(f"{at}: projects cannot be searched by {unknown or 'nothing'}", field=at)
    return lambda project: join(
        compiled.search(TEXTS[field](project)) is not None for field in fields
    )
