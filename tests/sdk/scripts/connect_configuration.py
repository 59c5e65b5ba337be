"""Task.connect_configuration: a dictionary and files, with and without a name."""

from __future__ import annotations

from pathlib import Path

from clearml import Task

task = Task.init(project_name="capture", task_name="connect configuration")
files = Path(__file__).parent / "configuration_files"

dictionary = {"k": {"n": 1, "x.y": "1.50"}, "list": [1, 2], "none": None, "on": True, "text": "a b"}
task.connect_configuration(dictionary)
named = task.connect_configuration({"lr": 0.1}, name="named dictionary", description="from a test")
named["lr"] = 0.2
task.connect_configuration(files / "model.yaml", name="yaml file", description="of the model")
task.connect_configuration(str(files / "model.json"), name="json/file")
task.connect_configuration(files / "notes.txt", name="notes.txt <b>")
