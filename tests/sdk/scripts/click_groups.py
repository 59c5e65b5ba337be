"""click: a group in a group, with a command."""

from __future__ import annotations

import click
from clearml import Task


@click.group()
@click.option("--seed", type=int, default=7, help="of all random numbers")
@click.option("--debug/--no-debug", default=False, help="print more")
def main(seed: int, debug: bool) -> None:
    Task.init(project_name="capture", task_name="click groups")


@main.group()
@click.option("--root", default="/data", help="where the data is")
def data(root: str) -> None:
    pass


@data.command()
@click.argument("source")
@click.option("--split", type=float, default=0.8, help="share for training")
@click.option("--kind", type=click.Choice(["image", "text"]), default="image", help="of the data")
@click.option("--label", multiple=True, default=["cat", "dog"], help="a class")
@click.option("--limit", type=int, default=None, help="at most so many")
def prepare(**options: object) -> None:
    pass


@main.command()
@click.option("--epochs", type=int, default=3, help="passes over the data")
def train(epochs: int) -> None:
    pass


if __name__ == "__main__":
    main()
