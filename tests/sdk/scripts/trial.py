"""What an optimiser tries: an int, a float, a bool, and one score."""

from __future__ import annotations

import argparse
import json

from clearml import Task

task = Task.init(
    project_name="tuning",
    task_name="trial",
    auto_connect_frameworks=False,
    auto_resource_monitoring=False,
)

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=1)
parser.add_argument("--lr", type=float, default=0.5)
arguments = parser.parse_args()
net = task.connect({"bias": False}, name="Net")

values = {"width": arguments.width, "lr": arguments.lr, "bias": net["bias"]}
print("ANSWER", json.dumps(["values", values]))
score = arguments.width + (0.25 if net["bias"] is True else 0) - arguments.lr / 10
task.get_logger().report_scalar("score", "total", score, 1)
