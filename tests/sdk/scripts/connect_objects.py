"""Task.connect: dictionaries, a class, an object; names with every odd character."""

from __future__ import annotations

from clearml import Task

task = Task.init(project_name="capture", task_name="connect objects")


class Defaults:
    lr = 0.001
    betas = (0.9, 0.999)
    _private = "not connected"


class Optimizer:
    name = "adam"

    def __init__(self) -> None:
        self.lr = 0.1
        self.nesterov = True
        self.schedule = None


task.connect({"batch": 64, "rate": 1e-07, "on": False, "none": None, "empty": ""})
task.connect(
    {
        "net": {"act": {"name": "relu"}, "sizes": [64, 32], "none": {}},
        "mixed": [1, "two", None, 3.5],
        "pair": (1, 2),
    },
    name="Model",
)
task.connect(
    {
        "we.ird $key%__x_": 1,
        "_lead/__und": "a/b",
        "x.y": "1.50",
        "two words": "  kept  ",
        "<i>&amp;": "'quoted'",
        "%2E%24%%": "not an escape",
        "ключ": "знач",
    },
    name="Odd names/section",
)
task.connect(
    {"text": "line 1\nline 2\ttab \"q\" 's' <b>&amp;</b> \\ 😀", "long": "x" * 5000}, name="Text"
)
task.connect(Defaults, name="Class")
task.connect(Optimizer(), name="Object")
