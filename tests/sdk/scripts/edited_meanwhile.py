"""Writes parameters of a draft twice: between the two, somebody else edits it."""

from __future__ import annotations

from clearml import Task

task = Task.create(project_name="capture", task_name="edited meanwhile")
print("DRAFT", task.id, flush=True)
task.set_parameters({"Args/lr": 0.1, "Args/steps": 10})
task.set_user_properties(owner="amy", stage="draft")
task.set_parameter("Args/late", 2)
