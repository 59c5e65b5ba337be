"""The rows of a configuration's tables, and who looks at them how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from experiments.models import ParameterSection, Task
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.types import typed_value
from webui.configuration.anchors import parameter_anchor, parameter_query
from webui.configuration.copying import VALUE
from webui.configuration.excerpts import excerpt_of
from webui.configuration.marks import found_in, hits_in, marked, shown
from webui.configuration.nesting import path_of, separator_of
from webui.configuration.reading import Reading, View

LONG = 240


class ValueKind(StrEnum):
    """How a value is drawn. `absent`: the script recorded the name without a value; `none`: an
    empty text that stands for None, by its type.

    The words for nothing are the stylesheet's: the text of a cell is the value, exactly.
    """

    TEXT = "text"
    EMPTY = "empty"
    NONE = "none"
    ABSENT = "absent"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """`path` and `name` are the name: the groups it lies in, and the rest.

    `name`, `value` and `description` carry marks when something is searched for. `cut` says which
    part of a long value is shown, `whole` leads to all of it.
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
    whole: str
    long: bool
    unwieldy: bool
    wordy: bool
    description: str
    editable: bool
    revealable: bool = False
    arrived: bool = False
    is_group: bool = False

    @property
    def has_more(self) -> bool:
        """Whether something stands after the value; a template asks one question, not three."""
        return bool(self.cut or self.revealable)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of the rows whose names begin with `prefix`."""

    prefix: str
    label: str
    depth: int
    count: str
    is_group: bool = True


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

    def may_edit_here(self, section: str) -> bool:
        return not self.refusal(section) and not self.reading.selects

    def row(
        self,
        section: str,
        name: str,
        item: Item,
        *,
        revealed: bool = False,
        editable: bool | None = None,
    ) -> ParameterRow:
        """`editable` is what `may_edit_here` said, for those who draw many rows."""
        key = f"{section}/{name}"
        secret = not revealed and is_secret(key, item.value or "")
        search = self.reading.search
        text, kind = _shown(item, secret)
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
            name=marked(name[prefix:], search, section),
            type=item.type or "",
            marked_type=marked(item.type or "", search),
            value=marked(excerpt.text, "" if secret else search),
            kind=kind,
            cut=excerpt.says,
            whole=f"copy/?{urlencode({'format': VALUE, 'key': key})}" if excerpt.says else "",
            long=len(text) > LONG or "\n" in text,
            unwieldy=len(name) > LONG,
            wordy=len(description) > LONG,
            description=marked(description, search),
            editable=not secret and (self.may_edit_here(section) if editable is None else editable),
            revealable=secret and self.may_edit and not self.reading.selects,
            arrived=(section, name) == (self.reading.section, self.reading.name),
        )

    def hits(self, section: str, name: str, item: Item) -> int:
        """How many marks the row gets. What is masked is not searched."""
        search, key, value = self.reading.search, f"{section}/{name}", item.value or ""
        # One look at all of it rules out most rows of a big section.
        if not found_in(f"{key}\n{value}\n{item.type}\n{item.description}", search):
            return 0
        found = hits_in(name, search, section)
        found += hits_in(item.type, search) + hits_in(item.description, search)
        if not is_secret(key, value):
            found += hits_in(excerpt_of(value, search).text, search)
        return found


def _shown(item: Item, secret: bool) -> tuple[str, ValueKind]:
    if secret:
        return MASK, ValueKind.MASKED
    if item.value is None:
        return "", ValueKind.ABSENT
    if item.value:
        return item.value, ValueKind.TEXT
    means = typed_value("", item.type, item.description)
    return "", ValueKind.NONE if means is None else ValueKind.EMPTY
