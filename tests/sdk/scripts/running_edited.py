"""Connects twice while it runs: between the two, somebody else edits its user properties."""

from __future__ import annotations

from clearml import Task

task = Task.init(project_name="capture", task_name="edited while running")
task.set_user_properties(owner="amy", stage="training")
task.connect({"lr": 0.1})
late = task.connect({"late": 1}, name="Late")
late["later"] = 2
