"""click: prints and reports what it works with."""

from __future__ import annotations

import json

import click
from clearml import Task

task = Task.init(project_name="tuning", task_name="tuned click")


@click.command()
@click.option("--lr", type=float, default=0.1)
@click.option("--kind", type=click.Choice(["image", "text"]), default="image")
def train(lr: float, kind: str) -> None:
    print("ANSWER", json.dumps(["options", {"lr": lr, "kind": kind}]))
    task.get_logger().report_scalar("loss", "train", lr, 1)


if __name__ == "__main__":
    train()
