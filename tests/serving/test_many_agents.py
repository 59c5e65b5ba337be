"""Many agents at one queue of the real server: each experiment is taken once, none is lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.server import Server

AGENTS = 16
TASKS = 200
BATCH = 50


def drafts(server: Server, number: int) -> list[str]:
    project = server.data_of("projects.create", {"name": "many agents"})["id"]
    body = {"name": "short", "type": "training", "project": project}
    first = server.data_of("tasks.create", {**body, "script": {"diff": "pass"}})["id"]
    clone = {"task": first, "new_task_name": "short"}
    return [first, *(server.data_of("tasks.clone", clone)["id"] for _ in range(number - 1))]


def run_all(server: Server, queue: str, all_are_in: Event) -> list[str]:
    """What an agent does, until nothing is left and nothing more will be put in."""
    taken = []
    while True:
        last = all_are_in.is_set()
        entry = server.data_of("queues.get_next_task", {"queue": queue}).get("entry")
        if entry:
            taken.append(entry["task"])
            server.data_of("tasks.started", {"task": entry["task"], "force": True})
            server.data_of("tasks.completed", {"task": entry["task"]})
        elif last:
            return taken
        else:
            all_are_in.wait(timeout=0.2)


def test_each_is_taken_once(server: Server) -> None:
    tasks = drafts(server, TASKS)
    queue = server.data_of("queues.create", {"name": "many agents"})["id"]
    all_are_in = Event()
    server.data_of("tasks.enqueue_many", {"ids": tasks[:BATCH], "queue": queue})
    with ThreadPoolExecutor(AGENTS) as pool:
        agents = [pool.submit(run_all, server, queue, all_are_in) for _ in range(AGENTS)]
        try:
            for start in range(BATCH, TASKS, BATCH):
                ids = tasks[start : start + BATCH]
                server.data_of("tasks.enqueue_many", {"ids": ids, "queue": queue})
        finally:
            all_are_in.set()
        taken = [task for agent in agents for task in agent.result()]
    assert Counter(taken) == Counter(tasks)
    assert server.data_of("queues.get_num_entries", {"queue": queue}) == {"num": 0}
    found = server.data_of("tasks.get_all", {"id": tasks, "only_fields": ["status"]})["tasks"]
    assert Counter(task["status"] for task in found) == {"completed": TASKS}
