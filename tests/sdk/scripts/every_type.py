"""Prints what it works with, argument by argument and value by value: of every type."""

from __future__ import annotations

import argparse
import json
import math

from clearml import Task

SETTINGS = {
    "whole": 3,
    "negative": -7,
    "rate": 1e-4,
    "infinite": math.inf,
    "unknown": math.nan,
    "on": True,
    "off": False,
    "text": "some text",
    "number as text": "0010",
    "empty": "",
    "none": None,
    "none again": None,
    "word": "None",
    "widths": [64, 32],
    "shares": [0.5, 0.25],
    "names": ["a", "b"],
    "mixed": [1, "two", None, 3.5],
    "nothing in it": [],
    "pair": (1, 2),
    "map": {},
    "net": {"act": {"name": "relu", "slope": 0.1}, "depth": 4, "norm": None},
}


def flat(settings: dict, before: str = "") -> dict:
    found = {}
    for name, value in settings.items():
        inner = flat(value, f"{before}{name}/") if isinstance(value, dict) and value else None
        found |= inner or {f"{before}{name}": value}
    return found


def told(values: dict) -> dict:
    """Type and text of each: JSON would make one of 1 and 1.0, and of tuples and lists."""
    return {name: [type(value).__name__, repr(value)] for name, value in values.items()}


task = Task.init(project_name="capture", task_name="every type")
parser = argparse.ArgumentParser()
parser.add_argument("--whole", type=int, default=3)
parser.add_argument("--rate", type=float, default=1e-4)
parser.add_argument("--infinite", type=float, default=math.inf)
parser.add_argument("--unknown", type=float, default=math.nan)
parser.add_argument("--text", default="some text")
parser.add_argument("--empty", default="")
parser.add_argument("--nothing")
parser.add_argument("--no-seed", type=int)
parser.add_argument("--no-rate", type=float)
parser.add_argument("--amp", action="store_true")
parser.add_argument("--keep", dest="shuffle", action="store_false")
parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
parser.add_argument("--widths", type=int, nargs="+", default=[64, 32])
parser.add_argument("--names", nargs="*", default=["a", "b"])
arguments = parser.parse_args()
settings = task.connect(SETTINGS)
print("ANSWER", json.dumps(["Args", told(vars(arguments))]))
print("ANSWER", json.dumps(["General", told(flat(dict(settings)))]))
