"""Making the edits of forms: all of them, or none and what is to be said at each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from experiments.errors import ExperimentError
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.edits import EditsRefused, Refusal, apply_edits
from experiments.rules.document import Item
from experiments.rules.parameters import checked_key, same_item
from experiments.rules.redaction import is_secret
from webui.configuration.editing import EditForm, sentence_of
from webui.configuration.seen import NOTHING, seen_text

_SECRET_CHANGED = (
    "Somebody changed this secret meanwhile. Nothing was overwritten; cancel, and reveal it again."
)
_SECRET_THERE = "There is a secret of this name already. Nothing was overwritten."


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when the edit was made.

    `item` is what is stored now, None where it was removed.
    """

    form: EditForm
    status: int = 0
    item: Item | None = None

    @property
    def refused(self) -> bool:
        return self.status != 0


def edit_parameter(task: Task, form: EditForm, by: Actor) -> Outcome:
    """Does what the form asks for, or says why not and keeps what was typed."""
    applied = apply_forms(task, [form], by)
    [done] = applied.forms
    if applied.status:
        return Outcome(replace(done, error=applied.error or done.error), applied.status)
    # The name as it was stored.
    section, name = checked_key(done.section, done.name, "parameter")
    return Outcome(replace(done, section=section, name=name), item=done.wanted)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of several forms: `status` is 0 where all were saved, else none was.

    `error` is what was wrong with all of them; `count` how many values differ now.
    """

    forms: list[EditForm]
    status: int = 0
    error: str = ""
    count: int = 0


def apply_forms(task: Task, forms: Sequence[EditForm], by: Actor) -> Applied:
    """Makes the edits of all the forms, or of none.

    A form that was sent twice finds its edit made already, which is no conflict.
    """
    try:
        count = apply_edits(task=task, edits=[form.edit() for form in forms], by=by)
    except EditsRefused as error:
        made = {place for place, each in error.refusals.items() if _is_made(forms[place], each)}
        if made:
            return _apply_rest(task, forms, made, by)
        conflict = any(refusal.conflict for refusal in error.refusals.values())
        return Applied(list(_refused(forms, error)), 409 if conflict else 422)
    except ExperimentError as error:
        return Applied(list(forms), 422, sentence_of(error))
    return Applied(list(forms), count=count)


def _is_made(form: EditForm, refusal: Refusal) -> bool:
    renames = not form.adds and form.name != form.was_name
    return refusal.conflict and not renames and same_item(refusal.current, form.wanted)


def _apply_rest(task: Task, forms: Sequence[EditForm], made: set[int], by: Actor) -> Applied:
    rest = [place for place in range(len(forms)) if place not in made]
    applied = apply_forms(task, [forms[place] for place in rest], by) if rest else Applied([])
    answered = dict(zip(rest, applied.forms, strict=True))
    shown = [answered.get(place, form) for place, form in enumerate(forms)]
    return replace(applied, forms=shown)


def _refused(forms: Sequence[EditForm], error: EditsRefused) -> Iterator[EditForm]:
    for place, form in enumerate(forms):
        refusal = error.refusals.get(place)
        if refusal is None:
            yield form
        elif refusal.conflict:
            yield rebased(form, refusal)
        else:
            yield replace(form, refusal=refusal)


def rebased(form: EditForm, refusal: Refusal) -> EditForm:
    """The form laid over what somebody else has stored: what was not touched becomes theirs.

    Saving it again overwrites exactly what it shows.
    """
    current = refusal.current
    if current and is_secret(form.key, current.value or ""):
        return replace(form, error=_SECRET_THERE if form.adds else _SECRET_CHANGED)
    if current is None:
        return replace(form, refusal=refusal, seen=NOTHING)
    old = form.was.item if form.was else Item(None)
    typed = Item(form.value, form.type, form.description)
    merged = [
        (theirs or "") if mine == (before or "") else mine
        for mine, before, theirs in zip(typed, old, current, strict=True)
    ]
    if form.adds:
        merged[0] = form.value
    seen = seen_text(form.was_name, current)
    return replace(form, **dict(zip(Item._fields, merged, strict=True)), seen=seen, refusal=refusal)
