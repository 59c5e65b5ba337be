"""Uploaded files: found by their path, by those who may, and listed for an experiment."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from experiments.errors import FileNotFound
from experiments.models import Role, StoredFile, Task, User
from experiments.queries.access import task_for
from experiments.rules.files import address_of, check_path, task_named_in

log = logging.getLogger("tuneboard.files")


def task_of_path(user: User, path: str, need: Role) -> Task | None:
    """The task whose file a path names, if `user` has the role there; None: a file of their own.

    Raises TaskNotFound or NotAllowed.
    """
    uid = task_named_in(path)
    return task_for(user, uid, need) if uid else None


def file_for(user: User, path: str, need: Role = Role.VIEWER) -> StoredFile:
    """The file, if `user` has at least the role `need` where it belongs, or if it is theirs.

    Raises InvalidField, TaskNotFound, NotAllowed or FileNotFound.
    """
    path = check_path(path)
    task = task_of_path(user, path, need)
    owner = "" if task else user.uid
    found = StoredFile.objects.filter(
        address=address_of(path, owner), task=task, deleted=None
    ).first()
    if found is None:
        raise FileNotFound()
    return found


def files_of(task: Task) -> list[StoredFile]:
    """All of a task's files, oldest first."""
    return list(StoredFile.objects.filter(task=task).order_by("id"))


def known_uids(uids: Iterable[str]) -> set[str]:
    """Those ids under which there is a file."""
    rows = StoredFile.objects.filter(uid__in=list(uids), deleted=None)
    return set(rows.values_list("uid", flat=True))
