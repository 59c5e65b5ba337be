"""Seeded tasks for benchmarks and demonstrations: the same N gives the same tasks.

20 typed parameters, 5 metrics, 2-3 user properties and up to 2 tags a task, in 20 projects
of which the largest holds 40 %; a tenth of the tasks lacks the learning rate.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from experiments.rules.document import Document, Item
from experiments.rules.status import Status

PROJECTS = (
    "vision/detection",
    "vision/segmentation",
    "vision/pose",
    "speech/recognition",
    "speech/synthesis",
    "language/pretraining",
    "language/alignment",
    "language/retrieval",
    "tabular/churn",
    "tabular/pricing",
    "tabular/fraud",
    "forecast/energy",
    "forecast/demand",
    "robotics/grasping",
    "robotics/navigation",
    "recommend/ranking",
    "recommend/candidates",
    "science/proteins",
    "science/weather",
    "playground",
)
LARGEST_SHARE = 0.4
START = datetime(2025, 1, 6, 8, tzinfo=UTC)
METRICS = (
    ("loss", "train"),
    ("loss", "validation"),
    ("accuracy", "total"),
    ("accuracy", "top-5"),
    ("throughput", "samples per second"),
)
_OPTIMIZERS = ("adam", "adamw", "sgd", "lamb", "rmsprop")
_MODELS = ("resnet50", "resnet101", "vit-b16", "vit-l16", "convnext-t", "swin-s")
_OWNERS = ("amy", "bo", "chen", "dara", "eli", "farid", "grace", "hana")
_TAGS = ("baseline", "prod", "ablation", "paper", "broken data")
_STATUSES = (
    (Status.COMPLETED, 70),
    (Status.FAILED, 9),
    (Status.STOPPED, 9),
    (Status.CREATED, 6),
    (Status.PUBLISHED, 4),
    (Status.IN_PROGRESS, 2),
)


class Summary(NamedTuple):
    """First, last, least and greatest value of a series and where the extremes are."""

    first: float
    last: float
    least: float
    least_at: int
    greatest: float
    greatest_at: int
    mean: float
    count: int


class SyntheticTask(NamedTuple):
    project: str
    name: str
    status: Status
    created: datetime
    seconds: int
    iterations: int
    tags: list[str]
    hyperparams: Document
    metrics: dict[tuple[str, str], Summary]
    comment: str


def synthetic_tasks(count: int, seed: int = 0) -> Iterator[SyntheticTask]:
    """`count` tasks, oldest first."""
    chance = random.Random(seed)
    statuses = [status for status, weight in _STATUSES for _ in range(weight)]
    created = START
    for number in range(count):
        created += timedelta(seconds=chance.randrange(20, 90))
        yield _task(chance, number, chance.choice(statuses), created)


def _task(chance: random.Random, number: int, status: Status, created: datetime) -> SyntheticTask:
    in_largest = chance.random() < LARGEST_SHARE
    project = PROJECTS[0] if in_largest else chance.choice(PROJECTS[1:])
    model = chance.choice(_MODELS)
    hyperparams = _hyperparams(chance, model)
    epochs = int(hyperparams["Args"]["epochs"].value or 0)
    ran = status is not Status.CREATED
    return SyntheticTask(
        project=project,
        name=f"{model} {chance.choice(('base', 'long', 'sweep', 'retry'))} {number}",
        status=status,
        created=created,
        seconds=chance.randrange(60, 40_000),
        iterations=epochs if ran else 0,
        tags=sorted(chance.sample(_TAGS, chance.choice((0, 0, 1, 2)))),
        hyperparams=hyperparams,
        metrics=_metrics(chance, epochs) if ran else {},
        comment="lower learning rate than the run before" if chance.random() < 0.05 else "",
    )


def _hyperparams(chance: random.Random, model: str) -> Document:
    args = {
        "lr": Item(f"{10 ** chance.uniform(-5, -1):.4g}", "float"),
        "batch_size": Item(str(2 ** chance.randrange(3, 10)), "int"),
        "epochs": Item(str(chance.choice((10, 20, 50, 100, 300))), "int"),
        "optimizer": Item(chance.choice(_OPTIMIZERS), "str"),
        "weight_decay": Item(chance.choice(("0.0", "0.0001", "0.01", "0.05")), "float"),
        "momentum": Item(f"{chance.uniform(0.8, 0.99):.2f}", "float"),
        "dropout": Item(f"{chance.choice((0, 0.1, 0.2, 0.5))}", "float"),
        "seed": Item(str(chance.randrange(100_000)), "int"),
        "amp": Item(str(chance.random() < 0.7), "bool"),
        "warmup": Item(str(chance.randrange(0, 2000, 100)), "int"),
        "scheduler": Item(chance.choice(("cosine", "step", "none")), "str"),
        "workers": Item(str(chance.choice((2, 4, 8, 16))), "int"),
    }
    if chance.random() < 0.1:
        del args["lr"]
    general = {
        "model": Item(model, "str"),
        "depth": Item(str(chance.choice((18, 50, 101))), "int"),
        "hidden": Item(str(chance.choice((256, 512, 768, 1024))), "int"),
        "heads": Item(str(chance.choice((4, 8, 12, 16))), "int"),
        "augment": Item(str(chance.random() < 0.5), "bool"),
        "resolution": Item(str(chance.choice((224, 256, 384))), "int"),
        "layers": Item(str([chance.choice((2, 3)), 4, 6, 3]), "list/int"),
        "label_smoothing": Item(chance.choice(("0.0", "0.1")), "float"),
    }
    properties = {
        "owner": Item(chance.choice(_OWNERS)),
        "dataset": Item(f"v{chance.randrange(1, 9)}"),
    }
    if chance.random() < 0.5:
        properties["score"] = Item(f"{chance.random():.3f}", "float")
    return {"Args": args, "General": general, "properties": properties}


def _metrics(chance: random.Random, epochs: int) -> dict[tuple[str, str], Summary]:
    found = {}
    for metric, variant in METRICS:
        if metric == "throughput":
            series = sorted(chance.uniform(200, 4000) for _ in range(3))
            first, least, greatest = series[1], series[0], series[2]
            last = chance.uniform(least, greatest)
        elif metric == "accuracy":
            first = least = chance.uniform(0.01, 0.2)
            greatest = chance.uniform(0.5, 0.99)
            last = greatest - chance.uniform(0, 0.05)
        else:
            first = greatest = chance.uniform(3, 7)
            least = 10 ** chance.uniform(-2, 0)
            last = least * chance.uniform(1, 1.2)
        found[metric, variant] = Summary(
            first,
            last,
            least,
            chance.randrange(epochs),
            greatest,
            chance.randrange(epochs),
            math.fsum((first, last)) / 2,
            epochs,
        )
    return found
