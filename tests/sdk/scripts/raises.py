"""Ends with an exception after connecting."""

from __future__ import annotations

from clearml import Task

task = Task.init(project_name="capture", task_name="raises")
task.connect({"lr": 0.1})
print("before the end")
raise RuntimeError("boom")
