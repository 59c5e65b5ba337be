"""User properties: set in every way, read, deleted."""

from __future__ import annotations

import json

from clearml import Task

task = Task.init(project_name="capture", task_name="user properties")

task.connect({"lr": 0.1})
task.set_user_properties(
    {"name": "typed", "description": "a number", "type": "float", "value": "0.50"},
    {"name": "odd.name $%", "value": "a/b"},
    owner="amy",
    count=3,
    share=0.25,
    good=True,
    gone="soon",
    by_dict={"type": "str", "description": "by dictionary", "value": "x"},
)
task.set_user_properties(owner="bob")
print("ANSWER", json.dumps(["properties", task.get_user_properties()]))
print("ANSWER", json.dumps(["values", task.get_user_properties(value_only=True)]))
gone = [{"section": "properties", "name": "gone"}, ("properties", "share")]
print("ANSWER", json.dumps(["deleted", task.delete_user_properties(gone)]))
print("ANSWER", json.dumps(["left", sorted(task.get_user_properties())]))
task.connect({"later": 1}, name="After")
