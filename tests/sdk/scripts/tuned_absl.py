"""absl: prints and reports what it works with."""

from __future__ import annotations

import json

from absl import app, flags
from clearml import Task

FLAGS = flags.FLAGS
flags.DEFINE_integer("steps", 100, "how long to train")
flags.DEFINE_bool("augment", True, "flip and crop")


def main(arguments: list[str]) -> None:
    print("ANSWER", json.dumps(["flags", {"steps": FLAGS.steps, "augment": FLAGS.augment}]))
    Task.current_task().get_logger().report_scalar("loss", "train", FLAGS.steps, 1)


if __name__ == "__main__":
    Task.init(project_name="tuning", task_name="tuned absl")
    app.run(main)
