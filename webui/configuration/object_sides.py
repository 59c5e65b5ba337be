"""The two texts that an address asks to compare: an object, and what it is held against."""

from __future__ import annotations

from experiments.models import Task, User
from experiments.queries.configurations import configuration_named, parent_object
from experiments.queries.history import history_entry
from experiments.rules.formats.detection import detect
from webui.configuration.object_diffs import Side

Sides = tuple[Side, Side]
_DIGITS = 18


def sides_of(user: User, task: Task, name: str, against: str) -> Sides | None:
    """Old and new; None where there is no such thing that `user` may see."""
    kind, _, which = against.partition(":")
    if kind == "history":
        return _of_entry(task, name, which)
    found = configuration_named(task, name)
    other = None
    if kind == "parent":
        other = parent_object(user, task, name)
    elif kind == "object":
        other = configuration_named(task, which)
    if found is None or other is None:
        return None
    labels = ("The parent’s", "This one") if kind == "parent" else (other.name, found.name)
    return (
        Side(labels[0], other.value, detect(other.value, other.type, other.name)),
        Side(labels[1], found.value, detect(found.value, found.type, found.name)),
    )


def _of_entry(task: Task, name: str, which: str) -> Sides | None:
    """What one entry of the history did to the text."""
    known = which.isascii() and which.isdecimal() and len(which) <= _DIGITS
    entry = history_entry(task, int(which)) if known else None
    if entry is None or entry.what != "configuration" or entry.key != name:
        return None
    found = configuration_named(task, name)
    type_ = found.type if found else None
    texts = (("Before the change", entry.old or ""), ("After the change", entry.new or ""))
    old, new = (Side(label, text, detect(text, type_, name)) for label, text in texts)
    return old, new
