"""A queue with agents that listen to it, and what becomes of the experiments put there."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.sdk.agents import OVER, Agent, wait_for
from tests.sdk.runs import Reader, Run
from tests.server import Server


@dataclass(frozen=True)
class Fleet:
    """A queue, and the agents that listen to it."""

    server: Server
    reader: Reader
    queue: str
    agents: list[Agent]

    def clone(self, run: Run, name: str) -> str:
        made = self.server.data_of("tasks.clone", {"task": run.task, "new_task_name": name})
        return made["id"]

    def draft(self, name: str, code: str) -> str:
        """An experiment with code and nothing else."""
        project = {"name": f"drafts of {self.queue}"}
        found = self.server.data_of("projects.get_all", project)["projects"]
        [uid] = [found["id"] for found in found] or [
            self.server.data_of("projects.create", project)["id"]
        ]
        script = {"diff": code, "entry_point": "draft.py", "working_dir": "."}
        body = {"name": name, "type": "training", "project": uid, "script": script}
        return self.server.data_of("tasks.create", body)["id"]

    def enqueue(self, *tasks: str) -> None:
        for task in tasks:
            self.server.data_of("tasks.enqueue", {"task": task, "queue": self.queue})

    def task(self, uid: str) -> dict[str, Any]:
        return self.server.data_of("tasks.get_by_id", {"task": uid})["task"]

    def log(self, task: str) -> str:
        """What it printed, in order."""
        query = {"task": task, "batch_size": 5000, "order": "asc"}
        events = self.server.data_of("events.get_task_log", query)["events"]
        return "".join(f"{event['msg']}\n" for event in events)

    def finished(self, uid: str) -> Run:
        """The experiment as others see it, once its agent is done with it."""
        self.wait(uid, OVER)
        return Run(uid, self.log(uid), "", self.server, self.reader)

    def wait(self, uid: str, statuses: Collection[str]) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            task = self.task(uid)
            return task if task["status"] in statuses else None

        return wait_for(f"{uid} in {statuses}", look, self._told)

    def process_of(self, uid: str) -> int:
        """The process id that a script prints first of all."""

        def look() -> str:
            return self.log(uid).partition("runs as ")[2].partition("\n")[0]

        return int(wait_for(f"output of {uid}", look, self._told))

    def runs_at(self, worker: str) -> str | None:
        """The experiment that a worker says it runs."""
        workers = self.server.data_of("workers.get_all")["workers"]
        [task] = [each["task"] for each in workers if each["id"] == worker]
        return task and task["id"]

    def _told(self) -> str:
        return "\n".join(f"--- {agent.name}\n{agent.output[-8000:]}" for agent in self.agents)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
