"""The uncommitted changes as a file."""

from __future__ import annotations

from typing import NamedTuple

from experiments.models import Task
from experiments.rules.execution import DIFF
from webui.execution.changes import Changes
from webui.execution.secrets import masked_field


class File(NamedTuple):
    name: str
    content: bytes


def changes_file(task: Task, *, whole: bool) -> File | None:
    """Byte for byte, or with its secrets masked; None of nothing."""
    changes = Changes(task)
    if not changes.text:
        return None
    text = changes.text if whole else masked_field(DIFF, changes.text)
    entry = changes.files[0].path.rpartition("/")[2] if changes.is_script else ""
    return File(entry or f"{task.name}.diff", text.encode())
