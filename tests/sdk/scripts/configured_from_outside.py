"""Prints what it works with: its own values, or those edited before an agent runs it."""

from __future__ import annotations

import argparse
import json

from clearml import Task

task = Task.init(project_name="capture", task_name="configured from outside")

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
parser.add_argument("--amp", type=bool, default=False)
parser.add_argument("--checkpoint")
arguments = parser.parse_args()
settings = task.connect({"layers": [64, 32], "net": {"dim": 8}, "name": "small"})
data = task.connect_configuration({"root": "/data", "splits": {"train": 0.8}}, name="data")
print("ANSWER", json.dumps(["arguments", vars(arguments)]))
print("ANSWER", json.dumps(["settings", dict(settings)]))
print("ANSWER", json.dumps(["data", dict(data)]))
