"""Experiments made through the protocol, for browser tests to look at."""

from __future__ import annotations

import itertools
from typing import Any

from tests.server import Server

_numbers = itertools.count(1)


def new_project(server: Server) -> str:
    """The server lives as long as the session, so each test has a project of its own."""
    data = server.data_of("projects.create", {"name": f"browser {next(_numbers)}",
                                              "description": "For one test."})  # fmt: skip
    return data["id"]


def new_task(server: Server, project: str, name: str, **parameters: str) -> str:
    """A draft; parameters are those of Args."""
    items = [
        {"section": "Args", "name": key, "value": value,
         "type": "float" if key == "lr" else "str", "description": f"what {key} means"}
        for key, value in parameters.items()
    ]  # fmt: skip
    hyperparams: dict[str, Any] = {"Args": {item["name"]: item for item in items}}
    body = {
        "name": name, "type": "training", "project": project, "hyperparams": hyperparams,
        "configuration": {"net": {"name": "net", "type": "yaml", "value": "depth: 50\n"}},
    }  # fmt: skip
    return server.data_of("tasks.create", body)["id"]


def parameter_of(server: Server, task: str, name: str, section: str = "Args") -> str | None:
    found = server.data_of("tasks.get_by_id", {"task": task})["task"]["hyperparams"]
    item = found.get(section, {}).get(name)
    return item and item["value"]


def set_parameter(server: Server, task: str, name: str, value: str, section: str = "Args") -> None:
    item = {"section": section, "name": name, "value": value, "type": "float"}
    server.data_of("tasks.edit_hyper_params", {"task": task, "hyperparams": [item]})


def report(server: Server, task: str) -> None:
    """A few scalars and console lines."""
    server.data_of("tasks.started", {"task": task})
    scalars = [
        {"type": "training_stats_scalar", "task": task, "metric": "loss", "variant": variant,
         "iter": step, "value": 3.0 / (step + 1), "timestamp": 1_700_000_000_000 + step}
        for variant in ("train", "val") for step in range(30)
    ]  # fmt: skip
    lines = [
        {"type": "log", "task": task, "level": level, "msg": f"\x1b[32mstep\x1b[0m {level}",
         "timestamp": 1_700_000_000_000 + number}
        for number, level in enumerate(("info", "warning", "error"))
    ]  # fmt: skip
    for event in scalars + lines:
        server.data_of("events.add", event)
