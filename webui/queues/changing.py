"""What people do to a queue and to what waits in it, and the sentence when it cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from experiments.errors import (
    ExperimentError,
    InvalidField,
    NotAllowed,
    NotUnique,
    QueueNotEmpty,
    QueueNotFound,
    TaskNotFound,
    TaskNotInQueue,
)
from experiments.models import Queue, Role
from experiments.operations.actor import Actor
from experiments.operations.queueing import delete_queue, dequeue_tasks, move_tasks
from experiments.operations.queues import create_queue, place_entry, update_queue
from experiments.queries.access import task_for, tasks_for
from experiments.queries.queues import lengths, queue_with_id

_PLACES = {"up": {"by_steps": -1}, "down": {"by_steps": 1}, "front": {"at": "front"},
           "back": {"at": "back"}}  # fmt: skip
_BESIDE = ("before", "after")
# A browser presses the first button of a form when somebody presses Enter in one of its fields.
LOOK = "look"


class QueueForm(forms.Form):
    name = forms.CharField(
        label="Name of the queue",
        help_text="Agents are started with it, so short and without blanks is convenient.",
        max_length=1024,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What a button of a queue's page sends: `verb` and what it is about.

    `picked` are the ticked experiments, `to` the queue they are to move to.
    """

    verb: str
    uid: str
    beside: str
    picked: list[str]
    to: str

    @classmethod
    def read(cls, data: QueryDict) -> Change:
        verb, _, about = data.get("do", "").partition(" ")
        uid, _, beside = about.partition(" ")
        return cls(verb, uid, beside, data.getlist("task"), data.get("to", ""))


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said` is what happened; else `error` says why not, and `field` where."""

    said: str = ""
    error: str = ""
    field: str = ""
    status: int = 200


def make_queue(form: QueueForm, by: Actor) -> Queue | None:
    try:
        return create_queue(name=form.cleaned_data["name"], by=by)
    except (InvalidField, NotUnique) as error:
        form.add_error("name", _of_name(error, form))
    return None


def rename_queue(queue: Queue, form: QueueForm, by: Actor) -> bool:
    try:
        update_queue(queue=queue, changes={"name": form.cleaned_data["name"]}, by=by)
    except (InvalidField, NotUnique) as error:
        form.add_error("name", _of_name(error, form))
        return False
    return True


def remove_queue(queue: Queue, said: str, by: Actor) -> Outcome:
    """Deletes it when no more wait in it than the person was told."""
    waiting = lengths([queue]).get(queue.pk, 0)
    told = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1
    if waiting > told:
        return Outcome(error="Meanwhile more were put into it. Look again.", status=409)
    try:
        delete_queue(queue=queue, force=True, by=by)
    except (NotAllowed, QueueNotEmpty) as error:
        status = 409 if isinstance(error, QueueNotEmpty) else 403
        return Outcome(error=_sentence(error), status=status)
    return Outcome(said=f"The queue “{queue.name}” was deleted.")


def apply_change(queue: Queue, change: Change, by: Actor) -> Outcome:
    if change.verb in _PLACES or change.verb in _BESIDE:
        return _place(queue, change, by)
    if change.verb == LOOK:
        return Outcome()
    if change.verb in {"dequeue", "transfer"}:
        if not change.picked:
            return Outcome(error="Choose experiments first.", field="task", status=422)
        return _dequeue(queue, change, by) if change.verb == "dequeue" else _move(queue, change, by)
    return Outcome(error="This is nothing that can be done with a queue.", status=422)


def _place(queue: Queue, change: Change, by: Actor) -> Outcome:
    place = _PLACES.get(change.verb) or {change.verb: change.beside}
    changed = "The order changed meanwhile: {} does not wait here any more. This is how it is now."
    if change.verb in _BESIDE and change.beside not in tasks_for(by.user, [change.beside]):
        return Outcome(error=changed.format("what was beside it"), status=409)
    try:
        task = task_for(by.user, change.uid, Role.EDITOR)
        at = place_entry(queue=queue, task=task, by=by, **place)
    except TaskNotFound:
        return Outcome(error="The experiment is no longer there.", status=409)
    except TaskNotInQueue as error:
        which = error.detail.removesuffix(f" in {queue.name}")
        return Outcome(error=changed.format(which), status=409)
    return Outcome(said=f"“{task.name}” is now number {at + 1:,}.")


def _dequeue(queue: Queue, change: Change, by: Actor) -> Outcome:
    tasks = tasks_for(by.user, change.picked, Role.EDITOR)
    left = dequeue_tasks(queue=queue, tasks=tasks.values(), by=by)
    one, many = "is a draft again", "are drafts again"
    return _counted(len(left), len(set(change.picked)), one, many)


def _move(queue: Queue, change: Change, by: Actor) -> Outcome:
    if not change.to:
        return Outcome(error="Choose the queue to move to.", field="to", status=422)
    try:
        to = queue_with_id(change.to)
        tasks = tasks_for(by.user, change.picked, Role.EDITOR)
        moved = move_tasks(tasks=tasks.values(), queue=to, out_of=queue, by=by)
    except QueueNotFound:
        return Outcome(error="That queue was deleted. Choose another.", field="to", status=422)
    wait = f"in “{to.name}” now"
    return _counted(len(moved), len(set(change.picked)), f"waits {wait}", f"wait {wait}")


def _counted(done: int, asked: int, one: str, many: str) -> Outcome:
    """Those that were not there any more are said; when that is all of them it is no success."""
    if not done:
        gone = "The experiment does" if asked == 1 else "The experiments do"
        return Outcome(error=f"{gone} not wait here any more, so nothing was changed.", status=409)
    text = f"One experiment {one}" if done == 1 else f"{done:,} experiments {many}"
    if missing := asked - done:
        text += f"; {missing:,} did not wait here any more"
    return Outcome(said=f"{text}.")


def _of_name(error: ExperimentError, form: QueueForm) -> str:
    if isinstance(error, NotUnique):
        return f"There is a queue named “{form.cleaned_data['name']}” already."
    return _sentence(error)


def _sentence(error: ExperimentError) -> str:
    text = error.detail or error.message
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
