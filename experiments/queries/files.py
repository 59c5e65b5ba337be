"""Uploaded files: found by their path, by those who may, and listed for an experiment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from experiments.errors import FileNotFound
from experiments.models import Role, StoredFile, Task, User
from experiments.queries.access import task_for
from experiments.rules.files import address_of, check_path, task_named_in


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


def files_at(task: Task, paths: Iterable[str]) -> dict[str, StoredFile]:
    """Those of a task's files that have one of the paths, by path."""
    addresses = [address_of(path) for path in paths]
    return {file.path: file for file in StoredFile.objects.filter(task=task, address__in=addresses)}


def files_besides(task: Task, paths: Iterable[str]) -> QuerySet[StoredFile]:
    """A task's files that have none of the paths, newest first; to be counted and cut."""
    addresses = [address_of(path) for path in paths]
    rows = StoredFile.objects.filter(task=task).order_by("-id")
    return rows.exclude(address__in=addresses) if addresses else rows


def file_count(task: Task) -> int:
    return StoredFile.objects.filter(task=task).count()


def known_uids(uids: Iterable[str]) -> set[str]:
    """Those ids under which there is a file."""
    rows = StoredFile.objects.filter(uid__in=list(uids), deleted=None)
    return set(rows.values_list("uid", flat=True))
