"""Going back: one change undone, or everything since a moment. Both are edits themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

from experiments.errors import InvalidField, TaskNotEditable, ValueChangedMeanwhile
from experiments.models import HistoryEntry, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import (
    OBJECT_PARTS,
    Object,
    locked,
    stored_configuration,
    write_documents,
)
from experiments.operations.execution import WHAT as EXECUTION
from experiments.operations.execution import write_execution
from experiments.operations.sections import move_facts
from experiments.rules.document import PROPERTIES, Document, loads, split_key
from experiments.rules.editing import Kind, edit_refusal
from experiments.rules.types import type_error
from experiments.rules.undoing import EVERYTHING, NAMES, PARTS, VALUES, Undoing, is_mass, missing

OBJECTS = frozenset(OBJECT_PARTS)
REVERTIBLE = VALUES | PARTS | NAMES | OBJECTS | {EXECUTION}
SHOWN_NAMES = 3


def revert_change(
    *, task: Task, entry: int, seen: int | None = None, by: Actor, now: datetime | None = None
) -> int:
    """Gives a value back what it was before one entry of the history.

    `seen` is the moment, in microseconds, up to which the changes of the task are known: of
    what was changed later nothing is undone unseen. Raises ValueChangedMeanwhile, TaskNotEditable,
    or InvalidField, also for an entry that is not of this task or not of a value.
    """
    with locked(task) as found:
        chosen = HistoryEntry.objects.filter(task=found, pk=entry).first()
        if chosen is None or chosen.what not in REVERTIBLE:
            raise InvalidField("this entry of the history cannot be undone", field="entry")
        about = {chosen.key, chosen.old} if chosen.what in NAMES else {chosen.key}
        _require_seen(found, seen, None if is_mass(chosen) else about)
        undoing = Undoing(found.hyperparams, strict=True)
        if is_mass(chosen):
            undoing.restore(loads(chosen.old or "{}"), _document_after(found, chosen))
        else:
            undoing.undo([chosen])
            _require_type(found, chosen, undoing.document())
        return _write(found, [chosen], undoing, by, now)


def revert_to(
    *, task: Task, entry: int, seen: int | None = None, by: Actor, now: datetime | None = None
) -> int:
    """Makes parameters, objects and execution what they were right after one entry.

    `seen` as in `revert_change`.
    """
    with locked(task) as found:
        if not HistoryEntry.objects.filter(task=found, pk=entry).exists():
            raise InvalidField("the experiment has no such entry in its history", field="entry")
        _require_seen(found, seen, None)
        later = _later(found, entry)
        undoing = Undoing(found.hyperparams)
        for write in _writes(later):
            undoing.undo(write)
        return _write(found, later, undoing, by, now)


def _write(
    task: Task, entries: list[HistoryEntry], undoing: Undoing, by: Actor, now: datetime | None
) -> int:
    kinds = {kind_of(entry) for entry in entries}
    for kind in sorted(kinds):
        if refusal := edit_refusal(task.status, kind, unlocked=task.properties_unlocked):
            raise TaskNotEditable(refusal, field="task")
    for section, to in undoing.sections:
        move_facts(task=task, section=section, to=to)
    objects = stored_configuration(task) if "configuration" in kinds else None
    for entry in entries:
        if objects is not None and entry.what in OBJECTS:
            _undo_object(objects, entry, strict=undoing.strict)
    now = now or datetime.now(UTC)
    # The oldest comes last, and decides.
    execution = {entry.key: entry.old for entry in entries if entry.what == EXECUTION}
    changed = write_execution(task=task, values=execution, by=by, now=now)
    return changed + write_documents(
        task=task, hyperparams=undoing.document(), configuration=objects, by=by, now=now,
        renames=undoing.renames(), touch=kinds != {"properties"},
    )  # fmt: skip


def _later(task: Task, entry: int) -> list[HistoryEntry]:
    """What was changed after an entry, newest first."""
    later = HistoryEntry.objects.filter(task=task, pk__gt=entry, what__in=REVERTIBLE)
    return list(later.order_by("-pk"))


def _writes(entries: Iterable[HistoryEntry]) -> Iterable[list[HistoryEntry]]:
    def write(entry: HistoryEntry) -> tuple[object, ...]:
        return entry.at, entry.by_id, entry.via, entry.client

    return (list(group) for _, group in groupby(entries, key=write))


def _document_after(task: Task, entry: HistoryEntry) -> Document:
    """The document as it was right after an entry, but for what scripts have added since."""
    undoing = Undoing(task.hyperparams)
    for write in _writes(_later(task, entry.pk)):
        undoing.undo(write)
    return undoing.document()


def _require_seen(task: Task, seen: int | None, keys: set[str | None] | None) -> None:
    """Nothing (of `keys`) may have been changed since the history was looked at."""
    if seen is None:
        return
    unseen = HistoryEntry.objects.filter(task=task, at__gt=seen, what__in=REVERTIBLE)
    if keys is not None:
        unseen = unseen.filter(key__in=keys)
    changed = list(dict.fromkeys(unseen.order_by("pk").values_list("key", flat=True)))
    if changed:
        names = ["many parameters" if key == EVERYTHING else key for key in changed[:SHOWN_NAMES]]
        more = f" and {len(changed) - len(names)} more" if len(changed) > len(names) else ""
        raise ValueChangedMeanwhile(f"{', '.join(names)}{more}", field="entry", current=None)


def _require_type(task: Task, entry: HistoryEntry, document: Document) -> None:
    """A value and a type of different times may not fit each other."""
    section, name = split_key(entry.key)
    item = document.get(section, {}).get(name)
    if item is None or entry.what not in VALUES | {"type"}:
        return
    wrong = type_error(item.value or "", item.type, description=item.description)
    if (
        wrong
        and HistoryEntry.objects.filter(
            task=task, key=entry.key, what="type", pk__gte=entry.pk
        ).exists()
    ):
        raise InvalidField(f"{entry.key} {wrong}", field="entry")


def kind_of(entry: HistoryEntry) -> Kind:
    """What of a task an entry is about."""
    if entry.what in OBJECTS:
        return "configuration"
    if entry.what == EXECUTION:
        return "execution"
    return "properties" if split_key(entry.key)[0] == PROPERTIES else "parameters"


def _undo_object(objects: dict[str, Object], entry: HistoryEntry, *, strict: bool) -> None:
    if entry.old is None:
        objects.pop(entry.key, None)
    elif entry.new is None:
        objects[entry.key] = Object(entry.old, *(entry.old_parts or ()))
    elif entry.key in objects:
        part = Object._fields[OBJECT_PARTS.index(entry.what)]
        text = entry.old if part == "value" else entry.old or None
        objects[entry.key] = objects[entry.key]._replace(**{part: text})
    elif strict:
        raise missing(f"object {entry.key}")
