"""Reads the artifacts of an experiment in another process, deletes one, or all of it."""

from __future__ import annotations

import json
import sys
from typing import Any

from clearml import StorageManager, Task
from PIL import Image

what, uid = sys.argv[1:3]
task = Task.get_task(task_id=uid)


def shown(value: Any) -> object:
    """As JSON carries it: a file as its text, a folder as its files."""
    if isinstance(value, Image.Image):
        return list(value.size)
    if not hasattr(value, "is_dir"):  # the SDK's own kind of Path
        return value
    if value.is_dir():
        return {one.name: one.read_text() for one in sorted(value.iterdir())}
    return value.read_text()


if what == "read":
    artifacts = task.artifacts
    got = {name: shown(one.get(force_download=True)) for name, one in artifacts.items()}
    print("ANSWER", json.dumps(["values", got]))
    sizes = {name: one.size for name, one in artifacts.items()}
    there = {name: StorageManager.get_file_size_bytes(one.url) for name, one in artifacts.items()}
    print("ANSWER", json.dumps(["sizes", [sizes, there]]))
    urls = {name: one.url for name, one in artifacts.items()}
    print("ANSWER", json.dumps(["urls", urls]))
    exists = [StorageManager.exists_file(url + more) for url in urls.values() for more in ("", "x")]
    print("ANSWER", json.dumps(["exists", exists]))
elif what == "delete one":
    print("ANSWER", json.dumps(["deleted", task.delete_artifacts(["text"], raise_on_errors=True)]))
    print("ANSWER", json.dumps(["left", sorted(task.artifacts)]))
else:
    print("ANSWER", json.dumps(["deleted", bool(task.delete(raise_on_error=True))]))
