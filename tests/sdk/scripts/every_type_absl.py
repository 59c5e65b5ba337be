"""Prints the flags of absl that it works with: of every type."""

from __future__ import annotations

import json

from absl import app, flags
from clearml import Task

FLAGS = flags.FLAGS
flags.DEFINE_integer("whole", 3, "how many")
flags.DEFINE_float("rate", 1e-4, "learning rate")
flags.DEFINE_float("bound", float("inf"), "no more than this")
flags.DEFINE_string("text", "some text", "a note")
flags.DEFINE_string("nothing", None, "where to resume")
flags.DEFINE_bool("augment", True, "flip and crop")
flags.DEFINE_enum("mode", "train", ["train", "test"], "what to do")
flags.DEFINE_list("gpus", ["0", "1"], "devices to use")
flags.DEFINE_multi_integer("steps", [10, 20], "when to step")
NAMES = ("whole", "rate", "bound", "text", "nothing", "augment", "mode", "gpus", "steps")


def main(arguments: list[str]) -> None:
    values = {name: FLAGS[name].value for name in NAMES}
    told = {name: [type(value).__name__, repr(value)] for name, value in values.items()}
    print("ANSWER", json.dumps(["TF_DEFINE", told]))


if __name__ == "__main__":
    Task.init(project_name="capture", task_name="every type of absl")
    app.run(main)
