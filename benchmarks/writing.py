"""What is written: tasks created and points reported, each request a durable commit."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.client import Request, Unexpected, json_request
from benchmarks.report import Aim, Row, timing_row
from benchmarks.site import Site
from benchmarks.timing import Rate, rate_of
from experiments.rules.document import PROPERTIES
from experiments.synthetic import synthetic_tasks

POINTS = 1000
EACH = 200
CREATED = 1000
ONE_CLIENT = Aim("median", ((10_000_000, 250),), at_least=True)
EIGHT_CLIENTS = Aim("median", ((10_000_000, 300),), at_least=True)

Bodies = Iterator[dict[str, Any]]


def measure_writing(site: Site, only: str) -> Iterator[Row]:
    for clients, aim in ((1, ONE_CLIENT), (8, EIGHT_CLIENTS)):
        if only in f"create-{clients}":
            rate = rate_of(task_creator(site), site.pid, clients=clients, each=EACH // clients)
            yield from _rows(f"`tasks.create`, 20 hyperparameters, {clients} clients", rate, aim)
    if only in "points":
        rate = rate_of(_point_reporter(site), site.pid, clients=1, each=10, things=POINTS)
        yield from _rows(f"`events.add_batch`, {POINTS} scalar points", rate, None, "points")


def _rows(measure: str, rate: Rate, aim: Aim | None, things: str = "tasks") -> Iterator[Row]:
    measure = measure.replace("1 clients", "1 client")
    yield Row(measure, rate.per_second, unit=f"{things}/s", aim=aim)
    yield timing_row(f"{measure}: one request", rate.requests)


def new_tasks(seed: int = 1) -> Iterator[tuple[str, dict[str, dict[str, str | None]]]]:
    """Name and, by `section/name`, the 20 parameters of seeded tasks, without end."""
    for one in itertools.cycle(synthetic_tasks(CREATED, seed=seed)):
        document = {name: one.hyperparams[name] for name in one.hyperparams if name != PROPERTIES}
        document["Args"].setdefault("lr", document["Args"]["momentum"])  # always 20 of them
        yield (
            one.name,
            {
                section: {name: item.value for name, item in items.items()}
                for section, items in document.items()
            },
        )


def task_creator(site: Site) -> Callable[[], float]:
    bodies = (_creation(site.project, name, sections) for name, sections in new_tasks())
    return sender(site, "/tasks.create", bodies)


def _creation(project: str, name: str, sections: dict[str, dict[str, str | None]]) -> Any:
    return {
        "name": name,
        "type": "training",
        "project": project,
        "hyperparams": {
            section: {
                name: {"section": section, "name": name, "value": value}
                for name, value in items.items()
            }
            for section, items in sections.items()
        },
    }


def sender(site: Site, path: str, bodies: Bodies) -> Callable[[], float]:
    """A function for several threads that sends the next body and says how long it took."""
    lock = threading.Lock()

    def send() -> float:
        with lock:
            body = next(bodies)
        return site.script.ask(json_request(path, body)).seconds

    return send


def _point_reporter(site: Site) -> Callable[[], float]:
    """Batches of points as the SDK sends them, of two series, each iteration once."""
    created = site.script.call(
        "/tasks.create", name="points", type="training", project=site.project
    )
    task = created["data"]["id"]
    chance, iterations = random.Random(1), itertools.count()

    def send() -> float:
        lines = "\n".join(
            json.dumps(
                {
                    "type": "training_stats_scalar",
                    "task": task,
                    "metric": "loss",
                    "variant": variant,
                    "iter": iteration,
                    "value": chance.random(),
                    "timestamp": 1_767_225_600_000 + iteration,
                }
            )
            for iteration in itertools.islice(iterations, POINTS // 2)
            for variant in ("train", "validation")
        )
        answer = site.script.ask(Request("/events.add_batch", lines.encode()))
        if (added := json.loads(answer.body)["data"]["added"]) != POINTS:
            raise Unexpected(f"events.add_batch added {added} of {POINTS} points")
        return answer.seconds

    return send
