"""The columns of the experiment table: one object a column, built from its field.

A new built-in column is one line in `BUILTIN_COLUMNS`; parameters, user properties and
metrics need none, their field says everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import reverse

from experiments.models import MetricSummary, Task
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.fields import Builtin, Derived, Field, Metric, Parameter, field_text
from experiments.rules.redaction import is_secret
from webui.tables import cells
from webui.tables.cells import MISSING, Cell

Series = tuple[str, str]
COMMON_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells of one row are made from."""

    task: Task
    now: datetime
    metrics: Mapping[Series, MetricSummary]
    parent_changes: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`needs` are the fields of Task to load; `kind` aligns the header as its cells are."""

    field: Field | Derived
    label: str
    read: Callable[[Known], Cell]
    needs: tuple[str, ...] = ()
    kind: str = "text"
    descending_first: bool = False

    @property
    def id(self) -> str:
        return field_text(self.field)

    @property
    def group(self) -> str:
        """The small line above the label: where a custom column comes from."""
        match self.field:
            case Parameter(section, _):
                return "User property" if section == PROPERTIES else section
            case Metric(metric, _, stat):
                return metric if stat == "last" else f"{metric}, {stat}"
        return ""


def _person(known: Known) -> Cell:
    return cells.text_cell(str(known.task.user))


def _name(known: Known) -> Cell:
    return cells.text_cell(known.task.name, "name")


def _status(known: Known) -> Cell:
    return Cell(known.task.status, kind="state")


def _tags(known: Known) -> Cell:
    tags = tuple(known.task.tags)
    return Cell(", ".join(tags), kind="tags", parts=tags) if tags else MISSING


def _project(known: Known) -> Cell:
    project = known.task.project
    address = _address("project-experiments", project.uid)
    return cells.text_cell(project.name, "link")._replace(href=address)


def _parent(known: Known) -> Cell:
    parent = known.task.parent
    if parent is None:
        return MISSING
    address = _address("experiment-configuration", parent.uid)
    return cells.text_cell(parent.name, "link")._replace(href=address)


@lru_cache(maxsize=4096)
def _address(name: str, uid: str) -> str:
    return reverse(name, args=[uid])


def _comment(known: Known) -> Cell:
    return cells.text_cell(known.task.comment) if known.task.comment else MISSING


def _edited(known: Known) -> Cell:
    if not known.task.edited_after_run:
        return MISSING
    address = _address("experiment-history", known.task.uid)
    return cells.text_cell("after the run", "link")._replace(href=address)


def _changes(known: Known) -> Cell:
    if known.parent_changes is None:
        return MISSING
    address = _address("experiment-configuration", known.task.uid)
    text = f"{known.parent_changes:,}"
    return Cell(text, kind="changes", href=f"{address}#parent-changes")


def _moment(name: str) -> Callable[[Known], Cell]:
    return lambda known: cells.time_cell(getattr(known.task, name), known.now)


def _builtin(
    name: str,
    label: str,
    read: Callable[[Known], Cell],
    *needs: str,
    kind: str = "text",
    descending_first: bool = False,
) -> Column:
    return Column(Builtin(name), label, read, needs, kind, descending_first)


def _time(name: str, label: str, attribute: str) -> Column:
    return _builtin(name, label, _moment(attribute), attribute, kind="time", descending_first=True)


BUILTIN_COLUMNS: dict[str, Column] = {
    column.id: column
    for column in (
        _builtin("name", "Name", _name, "name", kind="name"),
        _builtin("status", "Status", _status, "status", kind="state"),
        _builtin("tags", "Tags", _tags, "tags", kind="tags"),
        _builtin("type", "Type", lambda k: cells.text_cell(k.task.type), "type"),
        _builtin("project", "Project", _project, "project"),
        _builtin("user", "User", _person, "user"),
        _time("created", "Created", "created"),
        _time("started", "Started", "started"),
        _time("updated", "Updated", "last_update"),
        _time("completed", "Completed", "completed"),
        _builtin(
            "iteration",
            "Iteration",
            lambda k: cells.number_cell(k.task.last_iteration),
            "last_iteration",
            kind="number",
            descending_first=True,
        ),
        _builtin(
            "duration",
            "Duration",
            lambda k: cells.duration_cell(k.task.active_seconds),
            "started",
            "completed",
            "last_update",
            kind="number",
            descending_first=True,
        ),
        _builtin("parent", "Parent", _parent, "parent"),
        _builtin("description", "Description", _comment, "comment"),
        _builtin("edited", "Edited", _edited, "edited_after_run"),
        _builtin("id", "ID", lambda k: Cell(k.task.uid, kind="value"), "uid"),
    )
}
CHANGES = Column(Derived("changes"), "Changes", _changes, ("hyperparams", "parent"), "number")
DERIVED_COLUMNS: dict[str, Column] = {CHANGES.id: CHANGES}
DEFAULT_COLUMNS = ("name", "status", "tags", "user", "updated", "duration", "iteration")


def column_for(field: Field | Derived) -> Column:
    match field:
        case Derived(name):
            return DERIVED_COLUMNS[name]
        case Builtin(name):
            return BUILTIN_COLUMNS[name]
        case Parameter(section, name):
            return Column(field, name, _parameter(section, name), ("hyperparams",), "value")
        case Metric():
            return Column(field, field.variant, _metric(field), (), "number", True)


def _parameter(section: str, name: str) -> Callable[[Known], Cell]:
    def read(known: Known) -> Cell:
        item: Item | None = known.task.hyperparams.get(section, {}).get(name)
        if item is None:
            return MISSING
        draw = _common_cell if len(item.value or "") <= COMMON_LENGTH else _cell
        return draw(key, item)

    key = f"{section}/{name}"
    return read


def _cell(key: str, item: Item) -> Cell:
    return cells.parameter_cell(item, secret=is_secret(key, item.value or ""))


# Most cells of a page stand on the page before too, and judging one costs 5 µs.
_common_cell = lru_cache(maxsize=20_000)(_cell)


def _metric(field: Metric) -> Callable[[Known], Cell]:
    # Of `last` the summary calls the number `value`, of the others by their own names.
    attribute = {"last": "value"}.get(field.stat, f"{field.stat}_value")
    series = (field.metric, field.variant)

    def read(known: Known) -> Cell:
        summary = known.metrics.get(series)
        return MISSING if summary is None else cells.number_cell(getattr(summary, attribute))

    return read
