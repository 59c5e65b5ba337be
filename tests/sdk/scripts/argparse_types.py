"""argparse: an argument of every kind, Task.init first."""

from __future__ import annotations

import argparse

from clearml import Task

Task.init(project_name="capture", task_name="argparse types")

parser = argparse.ArgumentParser()
parser.add_argument("data", help="folder with the images")
parser.add_argument("--lr", type=float, default=1e-05, help="learning rate")
parser.add_argument("--epochs", type=int, default=10, help="passes over the data")
parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam", help="how to step")
parser.add_argument("--amp", action="store_true", help="mixed precision")
parser.add_argument("--no-shuffle", dest="shuffle", action="store_false", help="keep the order")
parser.add_argument("--layers", type=int, nargs="+", default=[64, 32], help="width of each layer")
parser.add_argument(
    "--classes", nargs="*", default=["cat", "dog"], help='names with a "quote" & <b>'
)
parser.add_argument("--crop", action="append", type=int, help="may be given again")
parser.add_argument("--checkpoint", help="where to resume")
parser.add_argument("--note", default="", help="free text")
parser.add_argument("--seed", type=int)
parser.parse_args()
