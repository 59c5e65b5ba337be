"""argparse, a nested dictionary and a configuration object: prints and reports its values."""

from __future__ import annotations

import argparse
import json
import sys

from clearml import Task

task = Task.init(project_name="tuning", task_name="tuned")

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
parser.add_argument("--epochs", type=int, default=3)
arguments = parser.parse_args()
settings = task.connect({"net": {"dim": 8, "bias": True}, "layers": [64, 32]})
data = task.connect_configuration({"root": "/data"}, name="data")

print("ANSWER", json.dumps(["python", sys.executable]))
print("ANSWER", json.dumps(["arguments", vars(arguments)]))
print("ANSWER", json.dumps(["settings", dict(settings)]))
print("ANSWER", json.dumps(["data", dict(data)]))
for epoch in range(arguments.epochs):
    task.get_logger().report_scalar("loss", "train", arguments.lr / (epoch + 1), epoch)
