"""Events as the SDK sends them, for tests."""

from __future__ import annotations

from typing import Any

from experiments.models import Task
from experiments.operations.events import Added, add_events
from tests.factories import NOW, actor

START = 1_700_000_000_000  # milliseconds


def scalar(
    task: Task, iteration: int, value: float, name: str = "loss/train", **fields: Any
) -> dict[str, Any]:
    """`name` is metric/variant; a second of the clock passes with every iteration."""
    metric, _, variant = name.partition("/")
    return {
        "type": "training_stats_scalar",
        "task": task.uid,
        "metric": metric,
        "variant": variant,
        "iter": iteration,
        "value": value,
        "timestamp": START + 1000 * max(iteration, 0),
        "model_event": False,
        "allow_locked": False,
        "method": "get",
        **fields,
    }


def line(task: Task, message: str, moment: int = 0, **fields: Any) -> dict[str, Any]:
    """`moment` in milliseconds after START."""
    return {
        "type": "log",
        "task": task.uid,
        "msg": message,
        "timestamp": START + moment,
        "level": "info",
        "worker": "host:1",
        "method": "get",
        **fields,
    }


def plot(
    task: Task, iteration: int = 0, text: str = "{}", name: str = "roc/a", **fields: Any
) -> dict[str, Any]:
    metric, _, variant = name.partition("/")
    return {
        "type": "plot",
        "task": task.uid,
        "metric": metric,
        "variant": variant,
        "iter": iteration,
        "plot_str": text,
        "timestamp": START + iteration,
        **fields,
    }


def image(task: Task, iteration: int = 0, name: str = "debug/a", **fields: Any) -> dict[str, Any]:
    metric, _, variant = name.partition("/")
    return {
        "type": "training_debug_image",
        "task": task.uid,
        "metric": metric,
        "variant": variant,
        "iter": iteration,
        "url": f"https://files/{name}/{iteration}.png",
        "key": "k",
        "timestamp": START + iteration,
        **fields,
    }


def report(*events: dict[str, Any], tasks: list[Task]) -> Added:
    """Adds them as the owner of the first task."""
    by = actor(tasks[0].user)
    return add_events(events=events, user_tasks={task.uid: task for task in tasks}, by=by, now=NOW)
