"""Python Fire: a class whose methods are commands, and whose constructor takes flags."""

from __future__ import annotations

import fire
from clearml import Task


class Trainer:
    def __init__(self, seed: int = 7) -> None:
        self.seed = seed

    def train(self, lr: float = 0.1, epochs: int = 3, layers: tuple[int, ...] = (64, 32)) -> str:
        return f"{lr} {epochs} {layers}"

    def export(self, format: str = "onnx", path: str | None = None) -> str:
        return f"{format} {path}"


if __name__ == "__main__":
    Task.init(project_name="capture", task_name="fire commands")
    fire.Fire(Trainer)
