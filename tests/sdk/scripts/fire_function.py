"""Python Fire: one function."""

from __future__ import annotations

import fire
from clearml import Task


def train(data: str, lr: float = 0.1, fast: bool = False, note: str | None = None) -> str:
    return f"{data} {lr} {fast} {note}"


if __name__ == "__main__":
    Task.init(project_name="capture", task_name="fire function")
    fire.Fire(train)
