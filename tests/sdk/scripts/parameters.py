"""The parameter calls of Task, one after the other; what is there after each is printed."""

from __future__ import annotations

import json

from clearml import Task

task = Task.init(project_name="capture", task_name="parameters")


def tell(step: str) -> None:
    task.reload()
    print("ANSWER", json.dumps([step, task.get_parameters()]))


task.connect({"gone": 1}, name="Connected")
task.set_user_properties(owner="amy")
task.set_parameters({"Args/lr": 0.1, "Args/layers": [64, 32], "plain": "text", "New/none": None})
tell("set_parameters replaces")
task.set_parameters({"Args/lr": 0.2}, {"Args/on": True}, **{"Args/kw": "x"})
tell("set_parameters merges its arguments")
task.set_parameters_as_dict({"Args": {"lr": 0.3, "net": {"dim": 8}}, "Other": {"a": "b"}})
tell("set_parameters_as_dict updates")
task.set_parameter("Args/lr", 1e-05, description="learning rate")
task.set_parameter("Typed/choice", "adam", value_type="str", description="an optimizer")
task.set_parameter("bare", 7)
tell("set_parameter adds or changes one")
task.update_parameters({"Args/on": False, "Args/new": {"a": 1}})
tell("update_parameters updates")
print("ANSWER", json.dumps(["deleted unforced", task.delete_parameter("Args/kw")]))
print("ANSWER", json.dumps(["deleted", task.delete_parameter("Args/kw", force=True)]))
tell("delete_parameter removes one")
