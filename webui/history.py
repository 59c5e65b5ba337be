"""One entry of the history as its page shows it: who, what, and from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from experiments.models import HistoryEntry, Task, Via
from experiments.operations.reverting import REVERTIBLE, kind_of
from experiments.queries.history import BEGINNING
from experiments.rules.changed_lines import changed_lines
from experiments.rules.editing import edit_refusal
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.secret_text import masked
from experiments.rules.undoing import NAMES, is_mass
from webui.configuration.marks import shown
from webui.execution.groups import LABELS as FIELDS
from webui.execution.secrets import masked_field
from webui.pages.frame import Moment, moment

SHOWN = 2_000
LINES = 12
LOOKED_BACK = 60
LONGEST_LINE = 500
LABELS = {
    "parameters": "Hyperparameter",
    "properties": "User property",
    "configuration": "Configuration object",
    "type": "Type",
    "description": "Description",
    "name": "Renamed",
    "section name": "Section renamed",
    "object type": "Type of an object",
    "object about": "Description of an object",
    "facts": "Experiment",
    "execution": "Execution",
    "status": "Status",
    "section": "Section description",
    "reveal": "Secret shown",
    "lock": "Lock",
}
# Their key says nothing, or is one of the two names that are shown beside each other.
WITHOUT_KEY = {"status", "lock", "name", "section name"}
TEXTS = {"configuration", "execution"}
MEANS = {Via.BROWSER: "in the browser", Via.API: "by the API", Via.SYSTEM: "by the system"}


class Line(NamedTuple):
    """`kind` is a class of the stylesheet: gd for a line that is gone, gi for a new one."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entry; `old` and `new` None where there was, or is, nothing.

    Texts of many lines show the `lines` that changed instead.
    """

    id: int
    label: str
    key: str
    href: str
    old: str | None
    new: str | None
    lines: list[Line]
    more_lines: bool
    who: str
    means: str
    at: Moment
    revertible: bool
    compare: str = ""


def history_row(task: Task, entry: HistoryEntry, may_edit: bool, address: str) -> Row:
    """`entry` as `history_of` reads it."""
    bulk = is_mass(entry)
    lines, more = _changed_lines(entry)
    return Row(
        id=entry.pk,
        label="Many hyperparameters" if bulk else LABELS.get(entry.what, entry.what),
        key="" if bulk or entry.what in WITHOUT_KEY else FIELDS.get(entry.key, entry.key),
        href=f"{address}?{urlencode({'key': entry.key})}",
        old="the whole document before" if bulk else _shown(entry, entry.old, "old_length"),
        new=_shown(entry, entry.new, "new_length"),
        lines=[] if bulk else lines,
        more_lines=more,
        who=str(entry.by) if entry.by else "somebody whose account is gone",
        means=_means(entry),
        at=moment(entry.at),
        revertible=may_edit and _is_revertible(task, entry),
        compare=_compare(task, entry),
    )


def _compare(task: Task, entry: HistoryEntry) -> str:
    """Where the two texts of an object are compared as a whole."""
    if entry.what != "configuration" or entry.old is None or entry.new is None:
        return ""
    asked = {"name": entry.key, "against": f"history:{entry.pk}"}
    return f"{reverse('experiment-object-diff', args=[task.uid])}?{urlencode(asked)}"


def _changed_lines(entry: HistoryEntry) -> tuple[list[Line], bool]:
    """The lines that differ, where one of the texts has many; else none."""
    old, new = entry.old or "", entry.new or ""
    if entry.what not in TEXTS or "\n" not in old.rstrip() + new.rstrip():
        return [], False
    cut = max(entry.old_length or 0, entry.new_length or 0) > BEGINNING
    found = changed_lines(old, new, most=LINES, before=LOOKED_BACK, cut=cut)
    gone, come = (_readable(found.before, lines) for lines in (found.old, found.new))
    if not (gone or come):
        return [Line("gu", "further down than is looked at here, or in how lines end")], False
    lines = [Line("gu", f"Line {found.start:,}")]
    lines += [Line("gd", f"-{line}") for line in gone]
    lines += [Line("gi", f"+{line}") for line in come]
    return lines, found.more


def _readable(before: list[str], lines: list[str]) -> list[str]:
    """Without the secrets in them, and none of them endless."""
    if not lines:
        return []
    every = [line[:LONGEST_LINE] for line in [*before, *lines]]
    return [
        shown(line.rstrip("\r")) for line in masked("\n".join(every)).split("\n")[len(before) :]
    ]


def _shown(entry: HistoryEntry, text: str | None, length: str) -> str | None:
    if text is None or text == "":
        return text
    count = getattr(entry, length)
    begin = _masked(entry, text[:SHOWN])
    return begin if count <= SHOWN else f"{begin}… ({count:,} characters)"


def _masked(entry: HistoryEntry, text: str) -> str:
    if entry.what == "execution":
        return masked_field(entry.key, text)
    if entry.what == "configuration":
        return masked(text)
    if entry.what in NAMES:
        return text
    secret = any(is_secret(entry.key, each or "") for each in (entry.old, entry.new))
    return MASK if secret else text


def _means(entry: HistoryEntry) -> str:
    name = {Via.SDK: "by a script", Via.AGENT: "by an agent"}.get(Via(entry.via))
    if name is None:
        return MEANS[Via(entry.via)]
    return f"{name} on {entry.client}" if entry.client else name


def _is_revertible(task: Task, entry: HistoryEntry) -> bool:
    if entry.what not in REVERTIBLE:
        return False
    return edit_refusal(task.status, kind_of(entry), unlocked=task.properties_unlocked) is None
