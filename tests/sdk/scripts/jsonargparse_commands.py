"""jsonargparse: sub-commands and a configuration file."""

from __future__ import annotations

from clearml import Task
from jsonargparse import ArgumentParser

Task.init(project_name="capture", task_name="jsonargparse commands")

train = ArgumentParser()
train.add_argument("--lr", type=float, default=0.1)
train.add_argument("--layers", type=list[int], default=[64, 32])
export = ArgumentParser()
export.add_argument("--format", default="onnx")

parser = ArgumentParser()
parser.add_argument("--config", action="config")
parser.add_argument("--seed", type=int, default=7)
commands = parser.add_subcommands()
commands.add_subcommand("train", train)
commands.add_subcommand("export", export)
parser.parse_args()
