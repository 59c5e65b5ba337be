"""The parameters of a task as its page shows them: sections of rows, a part of a big one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from experiments.models import ParameterSection, Task
from experiments.queries.sections import sections_in_order
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.anchors import (
    parameter_anchor,
    parameter_query,
    section_anchor,
    section_query,
)
from webui.configuration.excerpts import excerpt_of
from webui.configuration.marks import found_in, hits_in, marked, shown
from webui.configuration.nesting import (
    Group,
    Path,
    counted_groups,
    in_tree_order,
    opened_groups,
    path_of,
    separator_of,
)
from webui.configuration.reading import Reading, View

CHUNK = 300
PAGE = 600  # rows drawn at once; further sections are loaded when they are scrolled to
LONG = 240


class ValueKind(StrEnum):
    """How a value is drawn. `absent`: the script recorded the name without a value.

    The words for nothing are the stylesheet's: the text of a cell is the value, exactly.
    """

    TEXT = "text"
    EMPTY = "empty"
    ABSENT = "absent"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """`path` and `name` are the name: the groups it lies in, and the rest.

    `name`, `value` and `description` carry marks when something is searched for.
    """

    key: str
    section: str
    plain_name: str
    anchor: str
    link: str
    path: str
    depth: int
    name: str
    type: str
    marked_type: str
    value: str
    kind: ValueKind
    cut: str
    long: bool
    unwieldy: bool
    wordy: bool
    description: str
    editable: bool
    revealable: bool = False
    arrived: bool = False
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of the rows whose names begin with `prefix`."""

    prefix: str
    label: str
    depth: int
    count: str
    is_group: bool = True


@dataclass(frozen=True, slots=True)
class SectionPanel:
    """`more` and `earlier` are numbers of rows that are not drawn; `next` is where those after
    the drawn ones start, `previous` and `start` where those before them start and end."""

    name: str
    anchor: str
    title: str
    rows: list[ParameterRow | GroupRow]
    total: int
    found: int
    hits: int
    more: str
    next: str
    earlier: str
    previous: str
    start: str
    refusal: str
    may_add: bool
    description: str = ""
    folded: bool = False
    may_describe: bool = False

    @property
    def link(self) -> str:
        return section_query(self.name)

    @property
    def copy_link(self) -> str:
        """From the page's address to that of copying the section."""
        return f"copy/?{urlencode({'section': self.name})}"

    @property
    def count(self) -> str:
        return (
            f"{self.total:,}" if self.found == self.total else f"{self.found:,} of {self.total:,}"
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """What decides how a task's parameters look to somebody."""

    task: Task
    may_edit: bool
    reading: Reading = field(default_factory=Reading)
    sections: Mapping[str, ParameterSection] = field(default_factory=dict)
    _separators: dict[str, str] = field(default_factory=dict)

    @property
    def may_describe(self) -> bool:
        return self.may_edit and edit_refusal(self.task.status, "facts") is None

    @property
    def view(self) -> View:
        """A search shows whole names: what it found may be anywhere in them."""
        if self.reading.search:
            return View.FLAT
        return self.reading.view or (View.TREE if self.nests else View.FLAT)

    @property
    def nests(self) -> bool:
        return any(self.separator(section) for section in self.task.hyperparams)

    def separator(self, section: str) -> str:
        if section not in self._separators:
            self._separators[section] = separator_of(self.task.hyperparams.get(section, ()))
        return self._separators[section]

    def refusal(self, section: str) -> str:
        """Why this person cannot edit a section now; empty when they can."""
        kind = "properties" if section == PROPERTIES else "parameters"
        unlocked = self.task.properties_unlocked
        refused = edit_refusal(self.task.status, kind, unlocked=unlocked)
        if refused:
            return refused
        return "" if self.may_edit else "Your role in this project is viewer; editing needs editor."

    def row(self, section: str, name: str, item: Item, *, revealed: bool = False) -> ParameterRow:
        editable = not self.refusal(section) and not self.reading.selects
        return self._row(section, name, item, editable, revealed=revealed)

    def _row(
        self, section: str, name: str, item: Item, editable: bool, *, revealed: bool = False
    ) -> ParameterRow:
        key = f"{section}/{name}"
        secret = not revealed and is_secret(key, item.value or "")
        search = self.reading.search
        text, kind = _shown(item.value, secret)
        excerpt = excerpt_of(text, "" if secret else search)
        path = () if search else path_of(name, self.separator(section))
        prefix = sum(len(part) + 1 for part in path)
        description = item.description or ""
        return ParameterRow(
            key=key,
            section=section,
            plain_name=name,
            anchor=parameter_anchor(key),
            link=parameter_query(key),
            path=shown(name[:prefix]),
            depth=len(path),
            name=marked(name[prefix:], search, f"{section}/"),
            type=item.type or "",
            marked_type=marked(item.type or "", search),
            value=marked(excerpt.text, "" if secret else search),
            kind=kind,
            cut=excerpt.says,
            long=len(text) > LONG or "\n" in text,
            unwieldy=len(name) > LONG,
            wordy=len(description) > LONG,
            description=marked(description, search),
            editable=editable and not secret,
            revealable=secret and self.may_edit and not self.reading.selects,
            arrived=(section, name) == (self.reading.section, self.reading.name),
        )

    def hits(self, section: str, name: str, item: Item) -> int:
        """How many marks the row gets. What is masked is not searched."""
        search = self.reading.search
        found = hits_in(name, search, f"{section}/")
        found += hits_in(item.type, search) + hits_in(item.description, search)
        if found_in(item.value, search) and not is_secret(f"{section}/{name}", item.value or ""):
            found += hits_in(excerpt_of(item.value or "", search).text, search)
        return found


def properties_panel(viewer: Viewer) -> SectionPanel:
    """Always there, since properties can be added to any unpublished experiment."""
    return _panel(viewer, PROPERTIES)


def section_panels(viewer: Viewer) -> list[SectionPanel]:
    """The hyperparameters; sections without a hit are left out of a search."""
    panels: list[SectionPanel] = []
    left = PAGE
    for section in sections_in_order(viewer.task, viewer.sections):
        if section == PROPERTIES:
            continue
        asked = section == viewer.reading.section
        panel = _panel(viewer, section, most=CHUNK if left > 0 or asked else 0)
        left -= len(panel.rows)
        if panel.found or not viewer.reading.search:
            panels.append(panel)
    return panels


def rows_asked_for(viewer: Viewer) -> SectionPanel:
    """The rows of the section, from the place on, that the reading is opened at."""
    return _panel(viewer, viewer.reading.section)


def _panel(viewer: Viewer, section: str, *, most: int = CHUNK) -> SectionPanel:
    items = viewer.task.hyperparams.get(section, {})
    names, hits = _found(viewer, section, items)
    start, end = _stretch(viewer.reading, section, names, most)
    refusal = viewer.refusal(section)
    facts = viewer.sections.get(section)
    asked = section == viewer.reading.section
    return SectionPanel(
        name=section,
        anchor=section_anchor(section),
        title="Properties" if section == PROPERTIES else shown(section),
        rows=list(_lines(viewer, section, names, start, end)),
        total=len(items),
        found=len(names),
        hits=hits,
        more=f"{len(names) - end:,}" if len(names) > end and not viewer.reading.until else "",
        next=str(end),
        earlier=f"{min(start, CHUNK):,}" if start else "",
        previous=str(max(0, start - CHUNK)),
        start=str(start),
        refusal=refusal,
        may_add=not refusal and not viewer.reading.selects and not viewer.reading.search,
        description=facts.description if facts else "",
        # A search shows what it found, and a link what it leads to.
        folded=bool(facts and facts.collapsed and not viewer.reading.search and not asked),
        may_describe=viewer.may_describe
        and section != PROPERTIES
        and not viewer.reading.selects
        and not viewer.reading.search,
    )


def _found(viewer: Viewer, section: str, items: Mapping[str, Item]) -> tuple[list[str], int]:
    """The names to show, in their order, and the number of hits in them."""
    if not viewer.reading.search:
        tree = viewer.view is View.TREE and viewer.separator(section)
        return in_tree_order(list(items), tree) if tree else list(items), 0
    hits = {name: viewer.hits(section, name, item) for name, item in items.items()}
    return [name for name, count in hits.items() if count], sum(hits.values())


def _stretch(reading: Reading, section: str, names: list[str], most: int) -> tuple[int, int]:
    """From where to where the rows are drawn: the part that was asked for, or the first."""
    if section != reading.section:
        return 0, most
    start = min(reading.start, max(0, len(names) - 1))
    if reading.name in names:
        start = names.index(reading.name) // CHUNK * CHUNK
    end = start + CHUNK
    return start, min(end, reading.until) if reading.until else end


def _lines(
    viewer: Viewer, section: str, names: Sequence[str], start: int, end: int
) -> Iterator[ParameterRow | GroupRow]:
    items = viewer.task.hyperparams.get(section, {})
    editable = not viewer.refusal(section) and not viewer.reading.selects
    separator = viewer.separator(section) if viewer.view is View.TREE else ""
    counts = counted_groups(names, separator) if separator else None
    before: Path = path_of(names[start - 1], separator) if 0 < start <= len(names) else ()
    for name in names[start:end]:
        if counts is not None:
            path = path_of(name, separator)
            yield from map(_group_row, opened_groups(before, path, separator, counts))
            before = path
        yield viewer._row(section, name, items[name], editable)


def _group_row(group: Group) -> GroupRow:
    return GroupRow(group.prefix, shown(group.label), group.depth, f"{group.count:,}")


def _shown(value: str | None, secret: bool) -> tuple[str, ValueKind]:
    if secret:
        return MASK, ValueKind.MASKED
    if value is None:
        return "", ValueKind.ABSENT
    return value, ValueKind.TEXT if value else ValueKind.EMPTY
