"""set_configuration_object and its readers, as automation uses them."""

from __future__ import annotations

import json

from clearml import Task

task = Task.init(project_name="capture", task_name="configuration objects")

task.set_configuration_object(
    "text", config_text=" \r\n\n  two\rlines \n\n", description="odd ends"
)
task.set_configuration_object("typed", config_text="[a]\nb = 1\n", config_type="toml")
task.set_configuration_object("dictionary", config_dict={"a": {"b": [1, "x"]}})
task.set_configuration_object("empty", config_text="")
task.set_configuration_object("typed", config_text="[a]\nb = 2\n", config_type="toml")
print("ANSWER", json.dumps(["dictionary", task.get_configuration_object_as_dict("dictionary")]))
print("ANSWER", json.dumps(["text", task.get_configuration_object("text")]))
print("ANSWER", json.dumps(["missing", task.get_configuration_object("missing")]))
