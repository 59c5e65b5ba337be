"""The parameters of a task as its page shows them: sections of rows, in the order received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from experiments.models import ParameterSection, Task
from experiments.queries.sections import sections_in_order
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.marks import found_in, marked

CHUNK = 300
LONG = 240
SHOWN_LENGTH = 20_000


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
    """`name`, `value` and `description` carry marks when something is searched for."""

    key: str
    section: str
    plain_name: str
    name: str
    type: str
    value: str
    kind: ValueKind
    cut: str
    long: bool
    description: str
    editable: bool
    revealable: bool = False


@dataclass(frozen=True, slots=True)
class SectionPanel:
    """`more` is the number of rows that are not drawn yet; `next` is where they start."""

    name: str
    anchor: str
    title: str
    rows: list[ParameterRow]
    count: str
    more: str
    next: str
    refusal: str
    may_add: bool
    description: str = ""
    folded: bool = False
    may_describe: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """What decides how a task's parameters look to somebody."""

    task: Task
    may_edit: bool
    search: str = ""
    sections: Mapping[str, ParameterSection] = field(default_factory=dict)

    @property
    def may_describe(self) -> bool:
        return self.may_edit and edit_refusal(self.task.status, "facts") is None

    def refusal(self, section: str) -> str:
        """Why this person cannot edit a section now; empty when they can."""
        kind = "properties" if section == PROPERTIES else "parameters"
        unlocked = self.task.properties_unlocked
        refused = edit_refusal(self.task.status, kind, unlocked=unlocked)
        if refused:
            return refused
        return "" if self.may_edit else "Your role in this project is viewer; editing needs editor."

    def row(self, section: str, name: str, item: Item, *, revealed: bool = False) -> ParameterRow:
        secret = not revealed and is_secret(f"{section}/{name}", item.value or "")
        text, kind = _shown(item.value, secret)
        cut = f"{len(text):,}" if len(text) > SHOWN_LENGTH else ""
        editable = not self.refusal(section)
        return ParameterRow(
            key=f"{section}/{name}",
            section=section,
            plain_name=name,
            name=marked(name, self.search),
            type=item.type or "",
            value=marked(text[:SHOWN_LENGTH], "" if secret else self.search),
            kind=kind,
            cut=cut,
            long=len(text) > LONG or "\n" in text,
            description=marked(item.description or "", self.search),
            editable=editable and not secret,
            revealable=secret and self.may_edit,
        )

    def matches(self, section: str, name: str, item: Item) -> bool:
        if not self.search:
            return True
        texts = [name, f"{section}/{name}", item.description, item.type]
        if not is_secret(f"{section}/{name}", item.value or ""):
            texts.append(item.value)
        return any(found_in(text, self.search) for text in texts)


def properties_panel(viewer: Viewer) -> SectionPanel:
    """Always there, since properties can be added to any unpublished experiment."""
    items = viewer.task.hyperparams.get(PROPERTIES, {})
    return _panel(viewer, PROPERTIES, items, "section-properties")


def section_panels(viewer: Viewer) -> list[SectionPanel]:
    """The hyperparameters; sections without a hit are left out of a search."""
    panels = [
        _panel(viewer, section, viewer.task.hyperparams[section], f"section-{place}")
        for place, section in enumerate(sections_in_order(viewer.task, viewer.sections), start=1)
        if section != PROPERTIES
    ]
    return [panel for panel in panels if panel.rows or not viewer.search]


def rows_from(viewer: Viewer, section: str, start: int) -> SectionPanel:
    """The next rows of a big section."""
    items = viewer.task.hyperparams.get(section, {})
    return _panel(viewer, section, items, "", start)


def _panel(
    viewer: Viewer, section: str, items: dict[str, Item], anchor: str, start: int = 0
) -> SectionPanel:
    found = [(name, item) for name, item in items.items() if viewer.matches(section, name, item)]
    end = start + CHUNK
    count = f"{len(items):,}" if len(found) == len(items) else f"{len(found):,} of {len(items):,}"
    refusal = viewer.refusal(section)
    facts = viewer.sections.get(section)
    return SectionPanel(
        name=section,
        anchor=anchor,
        title="Properties" if section == PROPERTIES else section,
        rows=list(_drawn(viewer, section, found[start:end])),
        count=count,
        more=f"{len(found) - end:,}" if len(found) > end else "",
        next=str(end),
        refusal=refusal,
        may_add=not refusal,
        description=facts.description if facts else "",
        # A search shows what it found.
        folded=bool(facts and facts.collapsed and not viewer.search),
        may_describe=viewer.may_describe and section != PROPERTIES,
    )


def _drawn(viewer: Viewer, section: str, items: list[tuple[str, Item]]) -> Iterator[ParameterRow]:
    return (viewer.row(section, name, item) for name, item in items)


def _shown(value: str | None, secret: bool) -> tuple[str, ValueKind]:
    if secret:
        return MASK, ValueKind.MASKED
    if value is None:
        return "", ValueKind.ABSENT
    return value, ValueKind.TEXT if value else ValueKind.EMPTY
