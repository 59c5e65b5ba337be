"""Task.connect: what the script changes after connecting is logged too."""

from __future__ import annotations

from clearml import Task


class Settings:
    def __init__(self) -> None:
        self.lr = 0.1


task = Task.init(project_name="capture", task_name="connect later")

settings = task.connect({"lr": 0.1, "layers": {"width": 64}, "dropped": 1})
settings["lr"] = 0.2
settings["added"] = "new"
settings["layers"]["width"] = 128
settings.update(momentum=0.9)
del settings["dropped"]

attributes = task.connect(Settings(), name="Object")
attributes.lr = 0.3
attributes.added = 2
