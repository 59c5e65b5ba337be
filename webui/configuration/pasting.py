"""Pasting many parameters: the text, what it would change, and saving just that.

What the preview showed is what is saved: it carries a seal of every value it was made from, so
that what somebody changes meanwhile is shown again instead of overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError, InvalidField
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.edits import Edit, EditsRefused, apply_edits
from experiments.rules.document import Item
from experiments.rules.parameters import checked_key
from experiments.rules.pasted_edits import Planned, State, dictionaries, planned
from experiments.rules.pasting import Fault, read_pasted
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.editing import known_section, sentence, sentence_of
from webui.configuration.panels import Viewer
from webui.configuration.seen import seal_of

MOST_SHOWN = 1_000
LONG = 200
_ORDER = (State.WRONG, State.RETYPES, State.CHANGES, State.NEW, State.SAME)
_ANOTHER = "The text is another than the one that was shown. This is what it would do."
_MEANWHILE = "Somebody changed what is marked since you looked. Nothing was saved; look again."


@dataclass(frozen=True, slots=True)
class PastedRow:
    """`old` is None for a new parameter. `stale`: it is not what the last preview showed."""

    key: str
    old: str | None
    new: str
    type: str
    type_note: str
    state: State
    reason: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Paste:
    """`section` is empty for a text that goes into the whole experiment.

    `plan` is None before there is a preview.
    """

    section: str
    text: str = ""
    error: str = ""
    section_error: str = ""
    shape: str = ""
    plan: tuple[Planned, ...] | None = None
    faults: tuple[Fault, ...] = ()
    stale: frozenset[str] = frozenset()
    refused: Mapping[str, str] | None = None
    retypes: bool = False

    @property
    def previews(self) -> bool:
        return self.plan is not None

    @property
    def rows(self) -> list[PastedRow]:
        """What is wrong first, what stays the same last."""
        plan = sorted(self.plan or (), key=lambda row: _ORDER.index(row.state))
        return [self._row(row) for row in plan[:MOST_SHOWN]]

    @property
    def not_shown(self) -> int:
        return max(0, len(self.plan or ()) - MOST_SHOWN)

    @property
    def saves(self) -> int:
        return self._count(State.NEW, State.CHANGES)

    @property
    def changes_type(self) -> int:
        return self._count(State.RETYPES)

    @property
    def wrong(self) -> int:
        return self._count(State.WRONG) + len(self.faults)

    @property
    def same(self) -> int:
        return self._count(State.SAME)

    @property
    def seals(self) -> str:
        """What a preview was made from: the text, and each value that was there."""
        text = seal_of(Item(self.text, self.section))[:16]
        return " ".join([text, *map(_seal, self.plan or ())])

    def _count(self, *states: State) -> int:
        return sum(1 for row in self.plan or () if row.state in states)

    def _row(self, row: Planned) -> PastedRow:
        reason = (self.refused or {}).get(row.key, row.reason)
        return PastedRow(
            key=row.key,
            old=None if row.old is None else _shown(row.key, row.old),
            new=_shown(row.key, row.new),
            type=row.new.type or "",
            type_note=_type_note(row),
            state=row.state,
            reason=sentence(f"{row.key} {reason}", row.section) if reason else "",
            stale=row.key in self.stale,
        )


def preview(task: Task, viewer: Viewer, data: QueryDict) -> tuple[Paste, int]:
    """What the text would change; with the HTTP status of a refusal, or 200."""
    section = known_section(task, data.get("section", "")).strip()
    text = data.get("text", "").replace("\r\n", "\n")
    paste = Paste(section, text, retypes="retypes" in data)
    try:
        section = checked_key(section, "name", "section")[0] if section else ""
    except InvalidField as error:
        return replace(paste, section_error=sentence_of(error)), 422
    try:
        found = read_pasted(text, dictionaries(task.hyperparams, section))
    except InvalidField as error:
        return replace(paste, error=sentence_of(error)), 422
    if not (found.rows or found.faults):
        return replace(paste, error="There is nothing in it to save."), 422
    plan = [_allowed(viewer, row) for row in planned(task.hyperparams, found.rows, section)]
    faults = tuple(found.faults)
    made = replace(paste, section=section, shape=found.shape, plan=tuple(plan), faults=faults)
    return made, 200


def save_paste(task: Task, viewer: Viewer, data: QueryDict, by: Actor) -> tuple[Paste, int, int]:
    """Saves what the preview offered; with the status of a refusal, or 0, and how many values."""
    paste, status = preview(task, viewer, data)
    if paste.plan is None:
        return paste, status, 0
    seen, now = data.get("seals", "").split(" "), paste.seals.split(" ")
    if seen[0] != now[0]:
        return replace(paste, error=_ANOTHER), 422, 0
    if seen != now:
        keys = frozenset(row.key for row in paste.plan if _seal(row) not in set(seen))
        return replace(paste, stale=keys, error=_MEANWHILE), 409, 0
    states = {State.NEW, State.CHANGES} | ({State.RETYPES} if paste.retypes else set())
    saved = [row for row in paste.plan if row.state in states]
    edits = [
        Edit(row.section, row.name, row.old, row.new, retypes=row.state is State.RETYPES)
        for row in saved
    ]
    if not edits:
        return replace(paste, error="There is nothing in it to save."), 422, 0
    try:
        return paste, 0, apply_edits(task=task, edits=edits, by=by)
    except EditsRefused as error:
        task.refresh_from_db(fields=["hyperparams"])
        return _refused(preview(task, viewer, data)[0], saved, error), 409, 0
    except ExperimentError as error:
        return replace(paste, error=sentence_of(error)), 422, 0


def _refused(paste: Paste, saved: Sequence[Planned], error: EditsRefused) -> Paste:
    """Somebody was quicker between the check of the seals and the write."""
    keys = {saved[place].key: refusal for place, refusal in error.refusals.items()}
    stale = frozenset(key for key, refusal in keys.items() if refusal.conflict)
    refused = {key: each.message.removeprefix(key).strip() for key, each in keys.items()}
    return replace(paste, stale=stale, refused=refused, error=_MEANWHILE)


def _allowed(viewer: Viewer, row: Planned) -> Planned:
    """Wrong where the status of the experiment does not let its section be edited."""
    refusal = viewer.refusal(row.section)
    if not refusal or row.state in {State.SAME, State.WRONG}:
        return row
    return row._replace(state=State.WRONG, reason=f"cannot be edited. {refusal}")


def _seal(row: Planned) -> str:
    """Of the parameter as it was when the preview was made, its place included."""
    old = row.old or Item(None)
    there = "" if row.old is None else "there"
    return seal_of(old._replace(description=f"{row.key}\n{there}\n{old.description or ''}"))[:16]


def _shown(key: str, item: Item) -> str:
    value = item.value or ""
    if is_secret(key, value):
        return MASK
    return value if len(value) <= LONG else f"{value[:LONG]}… ({len(value):,} characters)"


def _type_note(row: Planned) -> str:
    if row.old is None:
        return "new"
    old, new = row.old.type or "", row.new.type or ""
    return "" if old == new else f"was {old or 'none'}"
