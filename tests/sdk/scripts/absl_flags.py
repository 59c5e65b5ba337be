"""absl: flags of every kind, which the SDK files under TF_DEFINE."""

from __future__ import annotations

from absl import app, flags
from clearml import Task

FLAGS = flags.FLAGS
flags.DEFINE_string("model", "resnet", "which network")
flags.DEFINE_integer("steps", 100, "how long to train")
flags.DEFINE_float("rate", 0.01, "learning rate")
flags.DEFINE_bool("augment", True, "flip and crop")
flags.DEFINE_list("gpus", ["0", "1"], "devices to use")
flags.DEFINE_enum("mode", "train", ["train", "test"], "what to do")
flags.DEFINE_string("checkpoint", None, "where to resume")


def main(arguments: list[str]) -> None:
    pass


if __name__ == "__main__":
    Task.init(project_name="capture", task_name="absl flags")
    app.run(main)
