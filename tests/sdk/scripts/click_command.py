"""click: one command, Task.init first."""

from __future__ import annotations

import click
from clearml import Task

Task.init(project_name="capture", task_name="click command")


@click.command()
@click.argument("source")
@click.option("--split", type=float, default=0.8, help="share for training")
@click.option("--kind", type=click.Choice(["image", "text"]), default="image", help="of the data")
@click.option("--label", multiple=True, default=["cat", "dog"], help="a class")
@click.option("--limit", type=int, default=None, help="at most so many")
@click.option("--fast", is_flag=True, help="skip the checks")
def prepare(**options: object) -> None:
    pass


if __name__ == "__main__":
    prepare()
