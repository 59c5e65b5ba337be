"""What an undo of the HISTORY page comes to: done, or why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from experiments.errors import ExperimentError, ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.queries.changes import last_moment

_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Undone:
    """How many values were changed back; with a refusal, none."""

    changed: int = 0
    refusal: str = ""
    status: int = 200


def moment_seen(task: Task) -> str:
    """What the page says of itself: up to when it knows the changes of the experiment."""
    return str(last_moment(task))


def undone_by(undo: Callable[..., int], task: Task, data: QueryDict, by: Actor) -> Undone:
    entry, seen = data.get("entry", ""), data.get("seen", "")
    if not is_id(entry):
        return Undone(refusal="Nothing was changed: the entry is missing.", status=400)
    try:
        known = int(seen) if is_id(seen) else None
        return Undone(undo(task=task, entry=int(entry), seen=known, by=by))
    except ValueChangedMeanwhile as error:
        return Undone(
            refusal=f"{error.detail}: changed by somebody since you opened this page, so nothing"
            " was undone. The changes are below now; undo again if you still want to.",
            status=error.code,
        )
    except ExperimentError as error:
        detail = error.detail or error.message
        refusal = f"Nothing was changed: {detail[:1].lower()}{detail[1:]}"
        return Undone(refusal=refusal, status=error.code)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
