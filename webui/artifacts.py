"""Artifacts and other uploaded files of an experiment as their page shows them; no markup here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from experiments.models import StoredFile, Task
from experiments.rules.artifacts import identity, path_in
from experiments.rules.files import IMAGE_TYPES, task_named_in
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.secret_text import masked
from webui.tables.cells import exact_time, relative_time

# A picture of more bytes is downloaded, not drawn small.
LARGEST_THUMBNAIL = 4 * 1024 * 1024
MOST_OF_A_PREVIEW = 20_000
OPEN_LINES = 12
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+(?=@)")


@dataclass(frozen=True, slots=True)
class Moment:
    text: str
    exact: str
    iso: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file one may download: `href` is empty where it is not on this server."""

    name: str
    href: str = ""
    thumbnail: str = ""
    size: str = ""
    when: Moment | None = None


@dataclass(frozen=True, slots=True)
class ShownArtifact:
    """An artifact as recorded, with the file it names if that is here."""

    key: str
    type: str
    given: bool
    file: ShownFile
    digest: str
    address: str
    facts: list[tuple[str, str]]
    preview: list[str]
    lines: str
    folded: bool
    left_out: str


def artifacts_of(task: Task) -> list[dict[str, Any]]:
    return list(task.execution.get("artifacts") or [])


def shown_artifacts(
    artifacts: Iterable[Mapping[str, Any]], files: Mapping[str, StoredFile]
) -> list[ShownArtifact]:
    """`files` are those of the experiment, by path; an address of another one's is only told."""
    now = datetime.now(UTC)
    return [
        _shown_artifact(one, files.get(path_in(one.get("uri")) or ""), now) for one in artifacts
    ]


def paths_named(artifacts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Where our files of some artifacts are; other files are debug images, media, models."""
    paths = (path_in(one.get("uri")) for one in artifacts)
    return [path for path in paths if path]


def shown_files(files: Iterable[StoredFile]) -> list[ShownFile]:
    now = datetime.now(UTC)
    return [_shown_file(file, _inside(file.path), now) for file in files]


def size_text(size: object) -> str:
    """`58 B`, `1.2 MiB`; nothing for what is no size."""
    if not isinstance(size, int) or size < 0:
        return ""
    number, unit = float(size), 0
    while number >= 1023.95 and unit < len(_UNITS) - 1:
        number, unit = number / 1024, unit + 1
    return f"{number:,.1f} {_UNITS[unit]}" if unit else f"{size:,} B"


def _shown_artifact(
    artifact: Mapping[str, Any], stored: StoredFile | None, now: datetime
) -> ShownArtifact:
    key, mode = identity(dict(artifact))
    uri = _text(artifact.get("uri"))
    data = artifact.get("type_data")
    preview = _text(data.get("preview")) if isinstance(data, dict) else ""
    lines = masked(preview[:MOST_OF_A_PREVIEW].rstrip()).split("\n")
    left_out = len(preview) - MOST_OF_A_PREVIEW
    file = ShownFile(
        _file_name(uri), size=size_text(artifact.get("content_size")), when=_recorded(artifact, now)
    )
    return ShownArtifact(
        key=key,
        type=_text(artifact.get("type")),
        given=mode == "input",
        file=_shown_file(stored, file.name, now) if stored else file,
        digest=_text(artifact.get("hash")) or (stored.sha256 if stored else ""),
        address="" if stored else _without_secrets(uri),
        facts=list(_facts(artifact.get("display_data"))),
        preview=lines if preview.strip() else [],
        lines=f"{len(lines):,} line{'' if len(lines) == 1 else 's'}",
        folded=len(lines) > OPEN_LINES,
        left_out=f"{left_out:,}" if left_out > 0 else "",
    )


def _shown_file(file: StoredFile, name: str, now: datetime) -> ShownFile:
    href = reverse("file", args=[file.path])
    drawn = file.content_type in IMAGE_TYPES and file.size <= LARGEST_THUMBNAIL
    when = _moment(file.created, now)
    return ShownFile(name, href, href if drawn else "", size_text(file.size), when)


def _recorded(artifact: Mapping[str, Any], now: datetime) -> Moment | None:
    seconds = artifact.get("timestamp")
    if not isinstance(seconds, int) or not 0 < seconds < 2**33:
        return None
    return _moment(datetime.fromtimestamp(seconds, UTC), now)


def _moment(when: datetime, now: datetime) -> Moment:
    return Moment(relative_time(when, now), exact_time(when), when.isoformat())


def _facts(display_data: object) -> Iterable[tuple[str, str]]:
    for pair in display_data if isinstance(display_data, list) else []:
        if isinstance(pair, list) and len(pair) == 2:
            name, value = map(str, pair)
            yield name, MASK if is_secret(name, value) else value


def _inside(path: str) -> str:
    """The path below the experiment's folder, which every one of its files would repeat."""
    uid = task_named_in(path)
    return path.partition(f"{uid}/")[2] if uid else path


def _file_name(uri: str) -> str:
    try:
        return urlsplit(uri).path.rpartition("/")[2]
    except ValueError:
        return ""


def _without_secrets(uri: str) -> str:
    """An address without its password, and without what signs it: that is in the query."""
    shown, mark, _ = _CREDENTIALS.sub(MASK, uri).partition("?")
    return masked(shown) + (f"?{MASK}" if mark else "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
