"""Keeping uploaded files: whole or not at all, replaced at once, cleared away."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.transaction import Atomic

from experiments.errors import BodyTooLarge, FileNotFound, StorageFull, TaskNotEditable
from experiments.models import Project, StoredFile, Task, User
from experiments.operations import stored_bytes
from experiments.operations.deleting import delete_task
from experiments.operations.files import (
    ORPHANED,
    delete_file,
    forget_deleted,
    keep_files,
    remove_orphans,
)
from experiments.operations.status import change_status, reset_task
from experiments.operations.stored_bytes import Draft, path_of, require_room
from experiments.queries.files import file_for, files_besides
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_task
from tests.racing import at_once
from tests.uploads import artifact_path, stored

Commit = Callable[..., Any]


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project)


def keep(user: User, path: str, content: bytes = b"content", task: Task | None = None) -> None:
    with Draft() as draft:
        draft.write(content)
        draft.finish()
        tasks = {path: task} if task else {}
        keep_files(drafts={path: draft}, tasks=tasks, by=actor(user), now=NOW)


def test_a_kept_file_is_the_owners_alone_to_read_on_disk(
    folder: Path, alice: User, task: Task
) -> None:
    path = artifact_path(task)
    keep(alice, path, b"content", task)
    found = file_for(alice, path)
    assert (found.task, found.user, found.size, found.created) == (task, alice, 7, NOW)
    assert found.sha256.startswith("ed7002b439e9ac845f22357d822bac14")
    assert stored(folder) == [path_of(found.uid)] == [folder / found.uid[:2] / found.uid]
    assert stat.S_IMODE(path_of(found.uid).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(files_besides(task, [])) == [found]


def test_another_upload_replaces_the_first(
    folder: Path, alice: User, task: Task, django_capture_on_commit_callbacks: Commit
) -> None:
    path = artifact_path(task)
    with django_capture_on_commit_callbacks(execute=True):
        keep(alice, path, b"first", task)
        first = file_for(alice, path)
        keep(alice, path, b"second", task)
    second = file_for(alice, path)
    assert (second.pk, second.size) == (first.pk, 6)
    assert stored(folder) == [path_of(second.uid)]
    assert path_of(second.uid).read_bytes() == b"second"


def test_what_is_not_kept_leaves_nothing(folder: Path, db: None) -> None:
    with pytest.raises(RuntimeError), Draft() as draft:
        draft.write(b"half")
        raise RuntimeError
    with Draft() as draft:
        draft.write(b"whole, but refused")
        draft.finish()
    assert stored(folder) == []


def test_a_row_that_cannot_be_written_leaves_nothing(
    folder: Path, alice: User, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(StoredFile.objects, "update_or_create", fail)
    with pytest.raises(RuntimeError):
        keep(alice, artifact_path(task), b"x", task)
    assert stored(folder) == []


def test_a_commit_whose_answer_is_lost_keeps_the_bytes(
    folder: Path, alice: User, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row may be there; if it is not, the bytes are cleared away with other orphans."""
    path = artifact_path(task)
    leave = Atomic.__exit__

    def lost(*arguments: Any) -> None:
        leave(*arguments)
        if not connection.in_atomic_block or len(connection.savepoint_ids) == level:
            raise OperationalError("server closed the connection unexpectedly")

    level = len(connection.savepoint_ids)
    with pytest.raises(OperationalError), Draft() as draft:
        draft.write(b"x")
        draft.finish()
        monkeypatch.setattr(Atomic, "__exit__", lost)
        keep_files(drafts={path: draft}, tasks={path: task}, by=actor(alice))
    monkeypatch.undo()
    assert path_of(file_for(alice, path).uid).read_bytes() == b"x"


def test_a_deletion_that_comes_after_a_replacement_is_of_what_was_there(
    folder: Path, alice: User, task: Task, django_capture_on_commit_callbacks: Commit
) -> None:
    path = artifact_path(task)
    with django_capture_on_commit_callbacks(execute=True):
        keep(alice, path, b"first", task)
        first = file_for(alice, path)
        keep(alice, path, b"second", task)
        delete_file(file=first, by=actor(alice))
    assert path_of(file_for(alice, path).uid).read_bytes() == b"second"


def test_all_files_of_an_upload_or_none(
    folder: Path, alice: User, project: Project, task: Task
) -> None:
    locked = make_task(project)
    change_status(task=locked, to=Status.PUBLISHED, force=True, by=actor(alice))
    paths = {artifact_path(one): one for one in (task, locked)}
    with pytest.raises(TaskNotEditable), Draft() as a, Draft() as b:
        for draft in (a, b):
            draft.write(b"x")
            draft.finish()
        drafts = dict(zip(paths, (a, b), strict=True))
        keep_files(drafts=drafts, tasks=paths, by=actor(alice))
    assert stored(folder) == []
    assert not StoredFile.objects.exists()


def test_a_published_experiment_keeps_its_files(
    folder: Path, alice: User, task: Task, django_capture_on_commit_callbacks: Commit
) -> None:
    path = artifact_path(task)
    keep(alice, path, b"first", task)
    change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(alice))
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(TaskNotEditable):
            keep(alice, path, b"second", task)
        with pytest.raises(TaskNotEditable):
            delete_file(file=file_for(alice, path), by=actor(alice))
    assert path_of(file_for(alice, path).uid).read_bytes() == b"first"


def test_a_file_without_an_experiment_is_its_uploaders(
    folder: Path, alice: User, charlie: User, admin: User
) -> None:
    keep(alice, "notes.txt", b"alice's")
    for other in (charlie, admin):
        with pytest.raises(FileNotFound):
            file_for(other, "notes.txt")
    keep(charlie, "notes.txt", b"charlie's")
    assert path_of(file_for(alice, "notes.txt").uid).read_bytes() == b"alice's"
    assert path_of(file_for(charlie, "notes.txt").uid).read_bytes() == b"charlie's"


def test_deleting_an_experiment_deletes_its_files(
    folder: Path,
    alice: User,
    bob: User,
    project: Project,
    task: Task,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    path, other = artifact_path(task), artifact_path(make_task(project))
    with django_capture_on_commit_callbacks(execute=True):
        keep(alice, path, b"x", task)
        keep(alice, other, b"y")
        delete_task(task=task, force=True, by=actor(alice))
    assert [one.read_bytes() for one in stored(folder)] == [b"y"]
    with pytest.raises(Exception, match="No such experiment"):
        file_for(alice, path)
    # Who deleted it may go on and delete its files, once; nobody else learns that it was there.
    assert not forget_deleted(path=path, by=actor(bob))
    assert forget_deleted(path=path, by=actor(alice))
    assert not forget_deleted(path=path, by=actor(alice))
    assert not forget_deleted(path=other, by=actor(alice))


def test_a_reset_removes_outputs_and_keeps_inputs(
    folder: Path, alice: User, project: Project, django_capture_on_commit_callbacks: Commit
) -> None:
    task = make_task(project)
    paths = [artifact_path(task, name) for name in ("put in é", "put out")]
    artifacts = [
        {"key": "in", "mode": "input", "uri": f"http://host/files/{paths[0].replace(' ', '%20')}"},
        {"key": "out", "mode": "output", "uri": f"http://host/files/{paths[1]}"},
    ]
    task.execution = {"artifacts": artifacts}
    task.save(update_fields=["execution"])
    with django_capture_on_commit_callbacks(execute=True):
        for path in paths:
            keep(alice, path, path.encode(), task)
        reset_task(task=task, force=True, by=actor(alice))
    assert [one.read_bytes().decode() for one in stored(folder)] == [paths[0]]
    assert [one.path for one in files_besides(task, [])] == [paths[0]]


class TestRoom:
    def test_a_file_beyond_the_limit(self, folder: Path, db: None, settings: Any) -> None:
        settings.MAX_UPLOAD = 1024 * 1024
        with Draft() as draft:
            draft.write(bytes(1024 * 1024))
            with pytest.raises(BodyTooLarge, match="may have 1 MiB"):
                draft.write(b"x")
        with pytest.raises(BodyTooLarge):
            require_room(3 * 1024 * 1024)
        assert stored(folder) == []

    def test_a_disk_without_room(
        self, folder: Path, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stored_bytes, "KEPT_FREE", 1 << 60)
        with pytest.raises(StorageFull, match="0 MiB are left"):
            require_room(1)

    def test_a_disk_that_fills_up_meanwhile(
        self, folder: Path, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(StorageFull), Draft() as draft:
            monkeypatch.setattr(stored_bytes, "KEPT_FREE", 1 << 60)
            for _ in range(65):
                draft.write(bytes(1024 * 1024))
        assert stored(folder) == []

    @pytest.mark.parametrize("call", ["fsync", "rename"])
    def test_a_disk_that_is_full(
        self, folder: Path, db: None, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(StorageFull, match="full"), Draft() as draft:
            draft.write(b"x")
            monkeypatch.setattr(os, call, full)
            draft.finish()
        assert stored(folder) == []


class TestClearingAway:
    def age(self, path: Path, age: timedelta) -> None:
        moment = (NOW - age).timestamp()
        os.utime(path, (moment, moment))

    def test_bytes_that_no_row_names(self, folder: Path, alice: User) -> None:
        keep(alice, "kept.txt")
        draft, finished = Draft(), Draft()
        finished.finish()  # and the server is killed before the row is written
        for path in stored(folder):
            self.age(path, ORPHANED - timedelta(seconds=1))
        assert remove_orphans(now=NOW) == 0
        assert remove_orphans(now=NOW + timedelta(seconds=2)) == 2
        assert stored(folder) == [path_of(file_for(alice, "kept.txt").uid)]
        draft._file.close()

    def test_notes_of_deleted_files(
        self, folder: Path, alice: User, task: Task, django_capture_on_commit_callbacks: Commit
    ) -> None:
        keep(alice, artifact_path(task), b"x", task)
        delete_task(task=task, force=True, by=actor(alice))
        StoredFile.objects.update(deleted=NOW)
        remove_orphans(now=NOW + ORPHANED)
        assert StoredFile.objects.count() == 1
        remove_orphans(now=NOW + ORPHANED + timedelta(seconds=1))
        assert StoredFile.objects.count() == 0

    def test_a_server_without_files(self, folder: Path, db: None) -> None:
        assert remove_orphans(now=NOW) == 0
        assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_uploads_of_one_path_at_once_leave_one_of_them(
    folder: Path, alice: User, project: Project
) -> None:
    task = make_task(project)
    path = artifact_path(task)
    at_once(lambda number: keep(alice, path, bytes([number]) * 1000, task))
    found = file_for(alice, path)
    assert stored(folder) == [path_of(found.uid)]
    content = path_of(found.uid).read_bytes()
    assert content == content[:1] * 1000
