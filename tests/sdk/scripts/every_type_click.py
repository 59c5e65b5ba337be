"""Prints what its click command was called with: options of every type.

None that may be given several times: where an agent runs it, the SDK hands click the text of the
list, which click refuses, edited or not.
"""

from __future__ import annotations

import json

import click
from clearml import Task

Task.init(project_name="capture", task_name="every type of click")


@click.command()
@click.option("--whole", type=int, default=3)
@click.option("--rate", type=float, default=1e-4)
@click.option("--text", default="some text")
@click.option("--nothing", default=None)
@click.option("--no-limit", type=int, default=None)
@click.option("--fast", is_flag=True)
@click.option("--kind", type=click.Choice(["image", "text"]), default="image")
def prepare(**options: object) -> None:
    told = {name: [type(value).__name__, repr(value)] for name, value in options.items()}
    print("ANSWER", json.dumps(["Args", told]))


if __name__ == "__main__":
    prepare()
