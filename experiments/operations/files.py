"""Uploaded files: kept, replaced, deleted. A row is written after its bytes are on the disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import transaction

from experiments.errors import TaskNotEditable
from experiments.models import StoredFile, Task
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.stored_bytes import Draft, old_bytes, remove_bytes
from experiments.queries.files import known_uids
from experiments.rules.editing import edit_refusal
from experiments.rules.files import address_of, type_of

# A crash between bytes and row leaves bytes alone; an upload that still runs is younger.
ORPHANED = timedelta(days=1)
_AT_ONCE = 500


def keep_files(
    *,
    drafts: Mapping[str, Draft],
    tasks: Mapping[str, Task],
    by: Actor,
    now: datetime | None = None,
) -> None:
    """Keeps finished drafts under their paths, all or none; what was there before is replaced.

    `tasks` are those the files belong to, by path. Raises TaskNotEditable, TaskNotFound.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        # In one order, so that two uploads never wait for each other.
        for path in sorted(drafts, key=lambda path: (tasks[path].id if path in tasks else 0, path)):
            _keep(path, drafts[path], tasks.get(path), by, now)
        # Before the commit: if its answer is lost, the rows may be there and need their bytes.
        for draft in drafts.values():
            draft.kept = True


def delete_file(*, file: StoredFile, by: Actor) -> None:
    """Raises TaskNotEditable for a file of a published task."""
    with locked(file.task) if file.task else transaction.atomic() as task:
        require_unlocked(task)
        # Unless somebody has replaced it since it was looked for: then it is gone already.
        StoredFile.objects.filter(pk=file.pk, uid=file.uid).delete()
        _remove_after_commit([file.uid])


def forget_deleted(*, path: str, by: Actor) -> bool:
    """Whether `by` has deleted that file together with its task.

    The SDK deletes a task and then asks for the deletion of each of its files.
    """
    notes = StoredFile.objects.filter(address=address_of(path), user=by.user)
    gone, _ = notes.exclude(deleted=None).delete()
    return gone > 0


def delete_files_of(
    *,
    task: Task,
    by: Actor | None = None,
    keep: Collection[str | None] = (),
    now: datetime | None = None,
) -> None:
    """Removes the files of a locked task, but not the paths in `keep`.

    With `by`, who deletes the task itself, a note of each is left for `forget_deleted`.
    """
    found = [file for file in StoredFile.objects.filter(task=task) if file.path not in keep]
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        rows = StoredFile.objects.filter(pk__in=[file.pk for file in some])
        if by is None:
            rows.delete()
        else:
            rows.update(task=None, user=by.user, deleted=now or datetime.now(UTC))
        _remove_after_commit([file.uid for file in some])


def remove_orphans(*, now: datetime | None = None) -> int:
    """Clears away bytes that no row names, and notes of files that are gone; how many bytes."""
    before = (now or datetime.now(UTC)) - ORPHANED
    StoredFile.objects.filter(deleted__lt=before).delete()
    old = list(old_bytes(before))
    removed = 0
    for start in range(0, len(old), _AT_ONCE):
        some = old[start : start + _AT_ONCE]
        known = known_uids(path.name for path in some)
        for path in some:
            if path.name not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _keep(path: str, draft: Draft, task: Task | None, by: Actor, now: datetime) -> None:
    address = address_of(path, "" if task else by.user.uid)
    with locked(task) if task else nullcontext() as found:
        require_unlocked(found)
        before = StoredFile.objects.select_for_update().filter(address=address, deleted=None)
        replaced = list(before.values_list("uid", flat=True))
        StoredFile.objects.update_or_create(
            address=address,
            defaults={
                "uid": draft.uid,
                "path": path,
                "task": found,
                "user": by.user,
                "size": draft.size,
                "sha256": draft.sha256,
                "content_type": type_of(path, draft.head),
                "created": now,
                "deleted": None,
            },
        )
    _remove_after_commit(replaced)


def require_unlocked(task: Task | None) -> None:
    """Raises TaskNotEditable for a published task, whose files stay as they are."""
    if task is not None and (refusal := edit_refusal(task.status, "facts")):
        raise TaskNotEditable(refusal, field="task")


def _remove_after_commit(uids: list[str]) -> None:
    # Robust: bytes that stay behind are an orphan, and no reason to call a kept row a failure.
    transaction.on_commit(partial(remove_bytes, uids), robust=True)
