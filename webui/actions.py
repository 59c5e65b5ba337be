"""The actions on an experiment: the buttons of its head, and the page that asks before one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from experiments.models import Task
from experiments.queries.belongings import Belongings, belongings_of
from experiments.rules.actions import Action, action_refusal
from experiments.rules.status import Status

LABELS = {
    Action.CLONE: "Clone",
    Action.ENQUEUE: "Enqueue",
    Action.RETRY: "Retry",
    Action.DEQUEUE: "Dequeue",
    Action.ABORT: "Abort",
    Action.RESET: "Reset",
    Action.PUBLISH: "Publish",
    Action.ARCHIVE: "Archive",
    Action.RESTORE: "Take out of the archive",
    Action.MOVE: "Move",
    Action.DELETE: "Delete",
}
DONE = {
    Action.CLONE: "is cloned; edit the draft as you like",
    Action.ENQUEUE: "waits in the queue",
    Action.RETRY: "waits in the queue again",
    Action.DEQUEUE: "is a draft again",
    Action.ABORT: "is stopped, or was asked to stop",
    Action.RESET: "is a draft again",
    Action.PUBLISH: "is published",
    Action.ARCHIVE: "is in the archive",
    Action.RESTORE: "is out of the archive",
    Action.MOVE: "was moved",
    Action.DELETE: "was deleted",
}
_QUESTIONS = {
    Action.CLONE: "A draft with the same code and configuration, and none of what the run has put"
    " out. Edit its values, then enqueue it.",
    Action.ENQUEUE: "It waits until a worker that listens to the queue takes it and runs its code"
    " with the configuration it has then.",
    Action.RETRY: "It runs again with its present configuration; what it has put out so far stays.",
    Action.DEQUEUE: "It leaves the queue and becomes a draft, which can be edited.",
    Action.ABORT: "A worker that runs it is asked to end the process; what it has put out stays.",
    Action.RESET: "It becomes a draft with the same configuration. What the run has put out is"
    " removed for good.",
    Action.PUBLISH: "It becomes read-only for everybody, for good. User properties can be edited"
    " again only after an owner has unlocked them.",
    Action.ARCHIVE: "It leaves the lists and can be taken out of the archive at any time.",
    Action.RESTORE: "It appears in the lists again.",
    Action.MOVE: "It keeps everything, and whoever may see the other project sees it there.",
    Action.DELETE: "It is removed for good with everything that belongs to it.",
}
DANGEROUS = frozenset({Action.ABORT, Action.RESET, Action.DELETE})
# Beside the name; everything else is in the menu.
_FIRST = frozenset({Action.CLONE, Action.ENQUEUE, Action.RETRY, Action.DEQUEUE, Action.ABORT})
VIEWER = "Your role in this project is viewer; this needs editor."


@dataclass(frozen=True, slots=True)
class ActionButton:
    """`refusal` says why it cannot be done now; empty when it can."""

    action: str
    label: str
    href: str
    refusal: str
    dangerous: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked before: `goes` names what is removed."""

    button: ActionButton
    text: str
    goes: list[str]


def action_button(task: Task, action: Action, *, may_edit: bool) -> ActionButton:
    refusal = action_refusal(action, task.status, archived=task.archived, script=task.script)
    # Whoever may see an experiment may clone it, into a project of their own.
    if action is not Action.CLONE and not may_edit:
        refusal = VIEWER
    return ActionButton(
        action=str(action),
        label=LABELS[action],
        href=reverse("experiment-action", args=[task.uid, str(action)]),
        refusal=refusal or "",
        dangerous=action in DANGEROUS,
    )


@dataclass(frozen=True, slots=True)
class ActionMenu:
    """What is likely to be wanted now, and the rest."""

    first: list[ActionButton]
    rest: list[ActionButton]

    @property
    def ways(self) -> list[ActionButton]:
        """To values that can be edited, where these cannot."""
        possible = (each for each in (*self.first, *self.rest) if not each.refusal)
        return [each for each in possible if each.action in {Action.CLONE, Action.RESET}]


def action_menu(task: Task, *, may_edit: bool) -> ActionMenu:
    buttons = [action_button(task, action, may_edit=may_edit) for action in _offered(task)]
    first = [each for each in buttons if each.action in _FIRST and not each.refusal]
    return ActionMenu(first, [each for each in buttons if each not in first])


def question(task: Task, action: Action, *, may_edit: bool) -> Question:
    goes: list[str] = []
    if action in {Action.RESET, Action.DELETE}:
        goes = list(_what_goes(belongings_of(task), everything=action is Action.DELETE))
    return Question(action_button(task, action, may_edit=may_edit), _QUESTIONS[action], goes)


def _offered(task: Task) -> Iterator[Action]:
    yield Action.CLONE
    match Status(task.status):
        case Status.QUEUED:
            yield Action.DEQUEUE
        case Status.FAILED:
            yield Action.RETRY
        case _:
            yield Action.ENQUEUE
    yield from (Action.ABORT, Action.RESET, Action.PUBLISH, Action.MOVE)
    yield Action.RESTORE if task.archived else Action.ARCHIVE
    yield Action.DELETE


def _what_goes(found: Belongings, *, everything: bool) -> Iterator[str]:
    counted = [
        (found.metrics, "metric", f" with {found.points:,} points"),
        (found.console, "line of its console", ""),
        (found.plots, "plot or image", ""),
        (found.artifacts, "artifact in its list", ""),
    ]
    if everything:
        counted += [
            (found.parameters, "parameter", ""),
            (found.objects, "configuration object", ""),
            (found.changes, "entry of its history", ""),
        ]
    for number, noun, more in counted:
        if number:
            yield f"{number:,} {noun if number == 1 else _plural(noun)}{more}"
    if everything and found.children:
        yield f"the link to it from {found.children:,} of its children, which stay"


def _plural(noun: str) -> str:
    first, space, rest = noun.partition(" ")
    return (first[:-1] + "ies" if first.endswith("y") else first + "s") + space + rest
