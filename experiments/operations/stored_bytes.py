"""The bytes of uploaded files: written beside, kept under an id of ours, removed.

`<files>/incoming/<uid>` while they arrive, then `<files>/<first two digits>/<uid>`. Both names
are made here; no name that a client chose is ever part of a path on disk.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from experiments.errors import BodyTooLarge, StorageFull
from experiments.models.identifiers import new_uid
from experiments.rules.files import HEAD_BYTES

MEBIBYTE = 1024 * 1024
# Left free for the database, which must never be the one that finds no room.
KEPT_FREE = 512 * MEBIBYTE
_LOOK_EVERY = 64 * MEBIBYTE
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class Draft:
    """A file that arrives. Unless `kept`, nothing of it is left at the end of the block."""

    def __init__(self) -> None:
        self.uid = new_uid()
        self.size = 0
        self.head = b""
        self.kept = False
        self._digest = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with _room_wanted():
            self._incoming = _folder("incoming") / self.uid
            self._file = os.fdopen(os.open(self._incoming, flags, 0o600), "wb", buffering=0)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Raises BodyTooLarge or StorageFull."""
        if self.size // _LOOK_EVERY != (self.size + len(piece)) // _LOOK_EVERY:
            require_room(0)  # several uploads at once were each told that there is room
        self.size += len(piece)
        if self.size > settings.MAX_UPLOAD:
            raise BodyTooLarge(too_large())
        self._digest.update(piece)
        self.head += piece[: HEAD_BYTES - len(self.head)]
        left = memoryview(piece)
        with _room_wanted():
            while left:
                left = left[self._file.write(left) :]

    def finish(self) -> None:
        """The bytes are on the disk, under the name they will have."""
        with _room_wanted():
            os.fsync(self._file.fileno())
            self._file.close()
            place = path_of(self.uid)
            _folder(place.parent.name)
            os.rename(self._incoming, place)
            _sync_folder(place.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if not self.kept:
            self._incoming.unlink(missing_ok=True)
            remove_bytes([self.uid])


def path_of(uid: str) -> Path:
    return Path(settings.FILES_DIR) / uid[:2] / uid


def remove_bytes(uids: list[str]) -> None:
    for uid in uids:
        path_of(uid).unlink(missing_ok=True)


def require_room(size: int) -> None:
    """Raises BodyTooLarge or StorageFull before anything of an upload is read."""
    if size > settings.MAX_UPLOAD + MEBIBYTE:  # the heads of the parts are counted too
        raise BodyTooLarge(too_large())
    free = shutil.disk_usage(_folder()).free
    if size > free - KEPT_FREE:
        room = max(0, free - KEPT_FREE) // MEBIBYTE
        raise StorageFull(f"it has {size // MEBIBYTE:,} MiB, and {room:,} MiB are left for files")


def too_large() -> str:
    most = settings.MAX_UPLOAD // MEBIBYTE
    return f"a file may have {most:,} MiB; TUNEBOARD_MAX_UPLOAD_MB says how many"


def old_bytes(before: datetime) -> Iterator[Path]:
    """Everything in the folders of files that was last written before a moment."""
    root = Path(settings.FILES_DIR)
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        for path in folder.iterdir() if folder.is_dir() else ():
            try:
                written = path.stat(follow_symlinks=False).st_mtime
            except FileNotFoundError:
                continue  # an upload that ended meanwhile
            if written < before.timestamp():
                yield path


@contextmanager
def _room_wanted() -> Iterator[None]:
    """What the disk says when it is full, in our words."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("the disk of the server is full") from None
        raise


def _folder(name: str = "") -> Path:
    root = Path(settings.FILES_DIR)
    for folder in (root, root / name):  # one by one: parents would not get the mode
        folder.mkdir(mode=0o700, exist_ok=True)
    return root / name


def _sync_folder(folder: Path) -> None:
    """Without it, a power cut may forget the new name although the bytes are there."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
