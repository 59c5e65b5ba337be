"""What can be done with an experiment, and why not: every button asks here, and so does bulk."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from experiments.rules.status import ACTIVE, LABELS, LOCKED, TRANSITIONS, Status


class Action(StrEnum):
    CLONE = "clone"
    ENQUEUE = "enqueue"
    RETRY = "retry"
    DEQUEUE = "dequeue"
    ABORT = "abort"
    RESET = "reset"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    RESTORE = "restore"
    MOVE = "move"
    DELETE = "delete"


# Where the status goes; what is not in here leaves it alone.
LEADS_TO = {
    Action.ENQUEUE: Status.QUEUED,
    Action.RETRY: Status.QUEUED,
    Action.DEQUEUE: Status.CREATED,
    Action.ABORT: Status.STOPPED,
    Action.RESET: Status.CREATED,
    Action.PUBLISH: Status.PUBLISHED,
}
# The table of transitions says more than a button means: a failed run is aborted by nobody.
_FROM = {
    Action.ENQUEUE: frozenset({Status.CREATED, Status.STOPPED}),
    Action.RETRY: frozenset({Status.FAILED}),
    Action.DEQUEUE: frozenset({Status.QUEUED}),
    Action.ABORT: ACTIVE,
    Action.RESET: frozenset(Status) - {Status.CREATED, Status.QUEUED},
}
NO_CODE = "It has no code to run: neither a repository nor a script was recorded."


def action_refusal(
    action: Action, status: str, *, archived: bool = False, script: Mapping[str, Any] | None = None
) -> str | None:
    """Why something cannot be done now, as a sentence; None when it can.

    `script` is looked at for what a worker could run.
    """
    found = Status(status)
    match action:
        case Action.ARCHIVE:
            return "It is archived already." if archived else None
        case Action.RESTORE:
            return None if archived else "It is not archived."
        case Action.DELETE:
            return deletion_refusal(status)
    if action in LEADS_TO and found not in possible_from(action):
        return f"It is {LABELS[found]}; {_sentence(action)}{_advice(action, found)}"
    if action in {Action.ENQUEUE, Action.RETRY} and script is not None and not has_code(script):
        return NO_CODE
    return None


def possible_from(action: Action) -> frozenset[Status]:
    """The statuses in which an action can be taken."""
    if action not in LEADS_TO:
        return frozenset(Status)
    to = LEADS_TO[action]
    return frozenset(s for s in _FROM.get(action, frozenset(Status)) if to in TRANSITIONS[s])


def deletion_refusal(status: str) -> str | None:
    """Why an experiment of this status is not deleted unless forced."""
    found = Status(status)
    if found in LOCKED:
        return f"It is {LABELS[found]}; what is published is kept."
    if found in ACTIVE:
        return f"It is {LABELS[found]}; abort it first."
    return None


def has_code(script: Mapping[str, Any]) -> bool:
    """Whether a worker finds something to run: a repository, or a script recorded as a whole."""
    return any(script.get(name) for name in ("repository", "diff"))


def _sentence(action: Action) -> str:
    labels = sorted(LABELS[status] for status in possible_from(action))
    *others, last = labels
    which = f"{', '.join(others)} or {last}" if others else last
    return {
        Action.ENQUEUE: f"only what is {which} can wait in a queue.",
        Action.RETRY: f"only what is {which} can be tried again.",
        Action.DEQUEUE: f"only what is {which} can leave a queue.",
        Action.ABORT: f"only what is {which} can be aborted.",
        Action.RESET: f"only what is {which} can be reset.",
        Action.PUBLISH: f"only what is {which} can be published.",
    }[action]


def _advice(action: Action, found: Status) -> str:
    if action is not Action.ENQUEUE or found in ACTIVE:
        return ""
    if found is Status.FAILED:
        return " Retry it, or clone it."
    return " Clone it." if found in LOCKED else " Clone it, or reset it first."
