"""What people do to parameters and sections on a page, each against what it saw.

All or nothing: every edit is looked at, every refusal is collected, and only when there is
none is anything written. So a form of a whole section merges with what others changed
elsewhere in it and loses nobody's typing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from experiments.errors import (
    ExperimentError,
    InvalidField,
    TaskNotEditable,
    ValueChangedMeanwhile,
)
from experiments.models import ParameterSection, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked, write_documents
from experiments.operations.sections import move_facts
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.editing import edit_refusal
from experiments.rules.edits import Edit, Refusal, edited
from experiments.rules.parameters import checked_key, normal_section, same_item

__all__ = ["Edit", "EditsRefused", "Refusal", "apply_edits", "remove_section", "rename_section"]

SHOWN_NAMES = 3


class EditsRefused(ExperimentError):
    """No edit was made; `refusals` says why, by the place of the edit in the sequence."""

    code = 409
    subcode = 112
    message = "Nothing was saved"

    def __init__(self, refusals: Mapping[int, Refusal]) -> None:
        self.refusals = dict(refusals)
        first = next(iter(self.refusals.values()))
        super().__init__(first.message, field=first.field)


def apply_edits(
    *, task: Task, edits: Sequence[Edit], by: Actor, now: datetime | None = None
) -> int:
    """Makes all the edits, or none and raises EditsRefused. Returns how many values differ.

    Raises TaskNotEditable where the status forbids one of them.
    """
    with locked(task) as found:
        outcome = edited(found.hyperparams, edits)
        for section in outcome.sections:
            _require(found, section)
        if outcome.refusals:
            raise EditsRefused(outcome.refusals)
        return write_documents(
            task=found, hyperparams=outcome.document, by=by, now=now or datetime.now(UTC),
            renames=outcome.renames, touch=outcome.sections != {PROPERTIES},
        )  # fmt: skip


def rename_section(
    *, task: Task, section: str, to: str, by: Actor, now: datetime | None = None
) -> int:
    """Gives a section another name, in its place. Raises InvalidField where one has it already."""
    section, to = normal_section(section), checked_key(to, "name", "section")[0]
    with locked(task) as found:
        document = found.hyperparams
        _require(found, section)
        _require(found, to)
        if PROPERTIES in {section, to}:
            raise InvalidField(
                "user properties are a section of their own and keep their name", field="section"
            )
        if section not in document:
            raise InvalidField(f"there is no section {section}", field="section")
        if to in document and to != section:
            raise InvalidField(
                f"there is a section {to} already; move the parameters into it one by one",
                field="section",
            )
        for name in document[section]:
            checked_key(to, name, "section")
        renamed = {to if name == section else name: items for name, items in document.items()}
        move_facts(task=found, section=section, to=to)
        return write_documents(
            task=found, hyperparams=renamed, by=by, now=now or datetime.now(UTC),
            renames={(to, name): (section, name) for name in document[section] if to != section},
        )  # fmt: skip


def remove_section(
    *,
    task: Task,
    section: str,
    seen: Mapping[str, Item],
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Removes a section whose parameters are still the `seen`, and what was said of it.

    Raises InvalidField where there is none, ValueChangedMeanwhile naming what changed.
    """
    section = normal_section(section)
    with locked(task) as found:
        _require(found, section)
        if section not in found.hyperparams:
            raise InvalidField(f"there is no section {section}", field="section")
        items = found.hyperparams[section]
        changed = [
            name for name in {**items, **seen} if not same_item(items.get(name), seen.get(name))
        ]
        if changed:
            raise ValueChangedMeanwhile(_names(section, changed), field="section", current=None)
        rest = {name: items for name, items in found.hyperparams.items() if name != section}
        ParameterSection.objects.filter(task=found, name=section).delete()
        return write_documents(
            task=found, hyperparams=rest, by=by, now=now or datetime.now(UTC),
            touch=section != PROPERTIES,
        )  # fmt: skip


def _require(task: Task, section: str) -> None:
    kind = "properties" if section == PROPERTIES else "parameters"
    if refusal := edit_refusal(task.status, kind, unlocked=task.properties_unlocked):
        raise TaskNotEditable(refusal, field="task")


def _names(section: str, names: Sequence[str]) -> str:
    shown = ", ".join(f"{section}/{name}" for name in names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
