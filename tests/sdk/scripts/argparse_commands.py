"""argparse: sub-commands, two levels deep."""

from __future__ import annotations

import argparse

from clearml import Task

Task.init(project_name="capture", task_name="argparse commands")

parser = argparse.ArgumentParser()
parser.add_argument("--verbose", type=int, default=0, help="how much to print")
commands = parser.add_subparsers(dest="command", help="what to do")
train = commands.add_parser("train")
train.add_argument("--epochs", type=int, default=3, help="passes over the data")
schedules = train.add_subparsers(dest="schedule")
cosine = schedules.add_parser("cosine")
cosine.add_argument("--warmup", type=float, default=0.1, help="share of the steps")
export = commands.add_parser("export")
export.add_argument("--format", default="onnx", help="of the file")
parser.parse_args()
