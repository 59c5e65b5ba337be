"""The experiment table, ready for its template: headers, rows, chips, pager.

Rows are dictionaries on purpose, since Django looks names up in a dictionary first, and
their cells are drawn before a template sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from experiments.models import Key, MetricSummary, Source, Task
from experiments.queries.access import Scope
from experiments.queries.keys import find_keys
from experiments.queries.metrics import metric_summaries
from experiments.queries.parents import change_counts
from experiments.queries.tasks import Count, TaskPage, task_count, task_page
from experiments.rules.fields import Derived, Metric, OrderTerm
from experiments.rules.status import LABELS, Status
from webui.tables.cells import Cell, exact_time, relative_time
from webui.tables.columns import CHANGES, Column, Known, Series, column_for
from webui.tables.state import TableState

TAGS_SHOWN = 3
NO_ID = "0" * 32


@dataclass(frozen=True, slots=True)
class Header:
    """`direction` is the word of aria-sort, `position` its place when several sort.

    Without `sort` the column is none that can be sorted by.
    """

    id: str
    label: str
    group: str
    kind: str
    sort: str
    sort_too: str
    direction: str
    position: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`hidden` counts what the filter hides when nothing is left to show."""

    state: TableState
    headers: list[Header]
    rows: list[dict[str, Any]]
    total: int
    total_text: str
    hidden: str
    next: str
    previous: str


def build_listing(scope: Scope, state: TableState, now: datetime) -> Listing:
    columns = [column_for(field) for field in state.columns]
    page, count = _found(scope, state, _needs(columns))
    rows = _rows(page.tasks, columns, now)
    hidden = ""
    if not page.tasks and state.chips:
        hidden = str(task_count(scope, archived=state.archived))
    return Listing(
        state=state,
        headers=[
            _header(column, state, _alignment(column, rows, place))
            for place, column in enumerate(columns)
        ],
        rows=rows,
        total=count.value,
        total_text=str(count),
        hidden=hidden,
        next=state.address(after=page.next, before=None) if page.next else "",
        previous=state.address(before=page.previous, after=None) if page.previous else "",
    )


def _found(scope: Scope, state: TableState, only: tuple[str, ...]) -> tuple[TaskPage, Count]:
    if state.filter_error:
        # Everything would not be what was asked for.
        return TaskPage([], None, None), Count(0, capped=False)
    page = task_page(
        scope,
        state.where,
        state.order,
        limit=state.limit,
        after=state.after,
        before=state.before,
        archived=state.archived,
        only=only,
    )
    return page, task_count(scope, state.where, archived=state.archived)


def newest_rows(scope: Scope, limit: int, now: datetime) -> list[dict[str, Any]]:
    """The experiments that were made last, for lists that are no table."""
    tasks = task_page(
        scope,
        limit=limit,
        only=("uid", "name", "status", "type", "project", "user", "last_update"),
    ).tasks
    address = reverse("experiment-configuration", args=[NO_ID])
    return [
        {
            "uid": task.uid,
            "name": task.name,
            "href": address.replace(NO_ID, task.uid),
            "status": task.status,
            "status_label": LABELS[Status(task.status)],
            "project": task.project.name,
            "user": str(task.user),
            "updated": relative_time(task.last_update, now),
            "updated_exact": exact_time(task.last_update),
        }
        for task in tasks
    ]


def _needs(columns: Sequence[Column]) -> tuple[str, ...]:
    always = ("uid", "name", "status", "type")
    return tuple(dict.fromkeys((*always, *(name for column in columns for name in column.needs))))


def _alignment(column: Column, rows: list[dict[str, Any]], place: int) -> str:
    """A parameter's header stands over its numbers if it has any, else over its texts."""
    if column.kind != "value":
        return column.kind
    numeric = any(row["kinds"][place - 1] == "number" for row in rows)
    return "number" if numeric else "text"


def _header(column: Column, state: TableState, kind: str) -> Header:
    if isinstance(column.field, Derived):
        return Header(column.id, column.label, column.group, kind, "", "", "none", "")
    place, term = _sorted(column, state.order)
    first = column.descending_first
    return Header(
        id=column.id,
        label=column.label,
        group=column.group,
        kind=kind,
        sort=state.sort_address(column.field, descending_first=first),
        sort_too=state.sort_address(column.field, descending_first=first, add=True),
        direction="none" if term is None else ("descending" if term.descending else "ascending"),
        position=str(place) if term and len(state.order) > 1 else "",
    )


def _sorted(column: Column, order: Sequence[OrderTerm]) -> tuple[int, OrderTerm | None]:
    for place, term in enumerate(order, start=1):
        if term.field == column.field:
            return place, term
    return 0, None


def _rows(tasks: list[Task], columns: Sequence[Column], now: datetime) -> list[dict[str, Any]]:
    metrics = _metrics(tasks, columns)
    changes = change_counts(tasks) if CHANGES in columns else {}
    pen = _Pen()
    # The name leads every row and is drawn by the row itself.
    others = [(column.id, column) for column in columns[1:]]
    address = reverse("experiment-configuration", args=[NO_ID])
    rows = []
    for task in tasks:
        known = Known(task, now, metrics.get(task.id, {}), changes.get(task.id))
        cells = [pen.draw(id_, column.read(known)) for id_, column in others]
        rows.append(
            {
                "uid": task.uid,
                "name": task.name,
                "status": task.status,
                "href": address.replace(NO_ID, task.uid),
                "kinds": [cell.kind for cell in cells],
                "cells": format_html_join("", "{}", ((cell.drawn,) for cell in cells)),
            }
        )
    return rows


def _metrics(
    tasks: list[Task], columns: Sequence[Column]
) -> dict[int, dict[Series, MetricSummary]]:
    """The summaries the columns show, in one query however many rows and columns."""
    fields = [column.field for column in columns if isinstance(column.field, Metric)]
    if not fields or not tasks:
        return {}
    ids = find_keys(Source.LAST, {(field.metric, field.variant) for field in fields})
    found = metric_summaries(tasks, [Key(id=key) for key in ids.values()])
    return {
        task: {(summary.key.section, summary.key.name): summary for summary in summaries}
        for task, summaries in found.items()
    }


class _Drawn(NamedTuple):
    kind: str
    drawn: SafeString


class _Pen:
    """Draws each distinct cell once, and whole: the template then has one piece a row to place.

    Placing attributes and text of 700 cells was half of the time a page took. What needs
    markup inside is drawn by `tables/cells/`.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, Cell], _Drawn] = {}

    def draw(self, column: str, cell: Cell) -> _Drawn:
        known = self._known.get((column, cell))
        if known is None:
            text = _inside(cell) if cell.kind in _INSIDES else cell.text
            drawn = format_html("<td {}>{}</td>", _head(column, cell), text)
            known = self._known[column, cell] = _Drawn(cell.kind, drawn)
        return known


def _head(column: str, cell: Cell) -> SafeString:
    """The attributes of a cell as one text: a third of the lookups of a page."""
    head = _plain_head(column, cell.kind)
    return format_html('{} title="{}"', head, cell.title) if cell.title else head


@lru_cache(maxsize=4096)
def _plain_head(column: str, kind: str) -> SafeString:
    return format_html('data-column="{}" class="{}"', column, kind)


def _inside(cell: Cell) -> SafeString:
    context = {"cell": cell, **_INSIDES[cell.kind](cell)}
    return get_template(f"tables/cells/{cell.kind}.html").render(context)


def _tag_parts(cell: Cell) -> dict[str, Any]:
    more = len(cell.parts) - TAGS_SHOWN
    return {"shown": cell.parts[:TAGS_SHOWN], "more": f"+{more}" if more > 0 else ""}


_INSIDES = {
    "state": lambda cell: {"label": LABELS[Status(cell.text)]},
    "tags": _tag_parts,
    "link": lambda cell: {},
    "changes": lambda cell: {},
}
