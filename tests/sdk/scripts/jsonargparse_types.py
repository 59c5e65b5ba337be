"""jsonargparse: a nested data class, lists, a dictionary, an optional value."""

from __future__ import annotations

from dataclasses import dataclass, field

from clearml import Task
from jsonargparse import ArgumentParser

Task.init(project_name="capture", task_name="jsonargparse types")


@dataclass
class Optimizer:
    name: str = "adam"
    betas: list[float] = field(default_factory=lambda: [0.9, 0.999])


parser = ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
parser.add_argument("--optimizer", type=Optimizer, default=Optimizer())
parser.add_argument("--seed", type=int | None, default=None)
parser.add_argument("--amp", type=bool, default=False)
parser.add_argument("--extra", type=dict[str, int], default={"a": 1})
parser.parse_args()
