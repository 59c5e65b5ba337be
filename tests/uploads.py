"""Uploads and downloads in process, as the SDK sends them, and a data folder of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from experiments.models import Task
from tests.people import ProtocolClient

BOUNDARY = "0123456789abcdef"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where the files of one test are."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def artifact_path(task: Task, name: str = "model.bin") -> str:
    """A path as the SDK makes it."""
    return f"{task.project.name}/{task.name}.{task.uid}/artifacts/{name}/{name}"


def multipart(parts: Mapping[str, bytes], boundary: str = BOUNDARY) -> bytes:
    """As the SDK's encoder writes it: the path is the name of the part and of its file."""
    heads = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        "Content-Type: text/html\r\n\r\n".encode("utf-8", "surrogatepass")
        for name in parts
    )
    pieces = [head + content + b"\r\n" for head, content in zip(heads, parts.values(), strict=True)]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()])


def send(
    api: ProtocolClient,
    body: bytes,
    *,
    to: str = "/files",
    method: str = "POST",
    content_type: str = MULTIPART,
    **more: Any,
) -> HttpResponse:
    """Any upload at all, with the key of `api`."""
    headers = {"Authorization": f"Bearer {api.token}", **more.pop("headers", {})}
    return api.http.generic(method, to, body, content_type, headers=headers, **more)


def upload(api: ProtocolClient, path: str, content: bytes = b"content") -> HttpResponse:
    return send(api, multipart({f"/{path}": content}))


def ask(api: ProtocolClient, path: str, method: str = "GET", **headers: str) -> HttpResponse:
    """Reads or deletes a file; its path is quoted as the SDK does."""
    given = {"Authorization": f"Bearer {api.token}", **headers}
    return whole(api.http.generic(method, f"/files/{quote(path)}", headers=given))


def whole(answer: Any) -> Any:
    """The answer read to its end, as `body`; a file that is not read would stay open."""
    answer.body = b"".join(answer) if answer.streaming else answer.content
    return answer


def content_of(api: ProtocolClient, path: str) -> str:
    answer = ask(api, path)
    assert answer.status_code == 200, answer.body
    return answer.body.decode()


def stored(folder: Path) -> list[Path]:
    """Every file on the disk, finished or not."""
    return [path for path in folder.rglob("*") if path.is_file()]
