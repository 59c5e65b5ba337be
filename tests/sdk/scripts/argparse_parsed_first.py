"""argparse: the arguments are parsed before Task.init, as in many scripts that adopt the SDK."""

from __future__ import annotations

import argparse

from clearml import Task

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
parser.add_argument("--name", default="ünï/code", help="%(prog)s calls the model so")
parser.parse_args()

Task.init(project_name="capture", task_name="argparse parsed first")
