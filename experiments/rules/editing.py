"""Who may still change what: editing rights by status."""

from __future__ import annotations

from typing import Literal

from experiments.rules.status import LABELS, LOCKED, Status

Kind = Literal["parameters", "configuration", "execution", "properties", "facts", "artifacts"]

_SAID = {"execution": "how it is run"}


def edit_refusal(
    status: str, kind: Kind, *, force: bool = False, unlocked: bool = False
) -> str | None:
    """Why something cannot be edited in a status; None when it can.

    `properties` and `facts` (name, tags, comment, project) are annotations and stay editable
    until publication. `force` is what the SDK sends while the task runs; `unlocked` says that an
    owner has opened the user properties of a published task.
    """
    found = Status(status)
    if found in LOCKED and not (unlocked and kind == "properties"):
        return f"It is {LABELS[found]}; a published experiment is read-only."
    if kind in {"properties", "facts"} or found is Status.CREATED or force:
        return None
    return f"It is {LABELS[found]}; {_SAID.get(kind, kind)} can be edited in a draft only."
