"""The parameters of a task as its page shows them: sections of rows, a part of a big one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from experiments.queries.sections import sections_in_order
from experiments.rules.document import PROPERTIES, Item
from webui.configuration.anchors import section_anchor, section_query
from webui.configuration.marks import shown
from webui.configuration.nesting import (
    Group,
    Path,
    counted_groups,
    in_tree_order,
    opened_groups,
    path_of,
)
from webui.configuration.reading import Reading, View
from webui.configuration.rows import GroupRow, ParameterRow, Viewer

CHUNK = 300
PAGE = 600  # rows drawn at once; further sections are loaded when they are scrolled to


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
    def purpose(self) -> str:
        return shown(self.description)

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
    """The rows of the section, from the place on, that the reading is opened at.

    They follow rows that are drawn already, or precede them where the reading says up to where.
    """
    panel = _panel(viewer, viewer.reading.section)
    return panel if viewer.reading.until else replace(panel, earlier="")


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
    editable = viewer.may_edit_here(section)
    separator = viewer.separator(section) if viewer.view is View.TREE else ""
    counts = counted_groups(names, separator) if separator else None
    before: Path = path_of(names[start - 1], separator) if 0 < start <= len(names) else ()
    for name in names[start:end]:
        if counts is not None:
            path = path_of(name, separator)
            yield from map(_group_row, opened_groups(before, path, separator, counts))
            before = path
        yield viewer.row(section, name, items[name], editable=editable)


def _group_row(group: Group) -> GroupRow:
    return GroupRow(group.prefix, shown(group.label), group.depth, f"{group.count:,}")
