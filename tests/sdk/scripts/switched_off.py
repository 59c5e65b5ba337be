"""argparse, absl and Hydra in one script; what is captured of them is chosen by the first argument.

That argument is a Python dictionary: keywords of Task.init.
"""

from __future__ import annotations

import argparse
import ast
import sys

import hydra
from absl import app, flags
from clearml import Task
from omegaconf import DictConfig

choices = ast.literal_eval(sys.argv.pop(1))
Task.init(project_name="capture", task_name=f"switched off {choices}", **choices)

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--folder", default="/data")
parser.parse_args()

flags.DEFINE_integer("steps", 100, "how long to train")


@hydra.main(config_path="hydra_configuration", config_name="main", version_base=None)
def configure(configuration: DictConfig) -> None:
    pass


def main(arguments: list[str]) -> None:
    configure()


if __name__ == "__main__":
    app.run(main)
