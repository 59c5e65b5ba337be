"""Queues by the protocol: tasks wait, are taken once each, moved, and leave again."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.models import Project, Queue, QueueEntry, Task
from tests.factories import make_project, make_task
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(api: ProtocolClient) -> str:
    return api.data("queues.create", {"name": "gpu"})["id"]


def enqueue(api: ProtocolClient, project: Project, queue: str, count: int = 1) -> list[Task]:
    tasks = [make_task(project, name=f"run {number}") for number in range(count)]
    for task in tasks:
        api.data("tasks.enqueue", {"task": task.uid, "queue": queue})
    return tasks


def waiting(api: ProtocolClient, queue: str) -> list[str]:
    found = api.data("queues.get_by_id", {"queue": queue})["queue"]
    return [entry["task"] for entry in found["entries"]]


def status(task: Task) -> str:
    return Task.objects.get(pk=task.pk).status


def test_a_queue_is_found_by_name_and_by_id(api: ProtocolClient, queue: str) -> None:
    api.data("queues.create", {"name": "agent flow queue"})
    found = api.data("queues.get_all", {"name": r"^agent\ flow\ queue$"})["queues"]
    assert [each["name"] for each in found] == ["agent flow queue"]
    assert api.data("queues.get_all", {"id": [queue], "only_fields": ["name"]})["queues"] == [
        {"id": queue, "name": "gpu"}
    ]
    assert api.data("queues.get_by_id", {"queue": "gpu"})["queue"]["id"] == queue
    assert api.refused("queues.get_by_id", {"queue": "none such"}) == (400, 701)
    assert api.refused("queues.create", {"name": "gpu"}) == (400, 801)
    assert api.refused("queues.create", {"name": "  "}) == (400, 12)


def test_the_default_queue(api: ProtocolClient, queue: str) -> None:
    assert api.refused("queues.get_default") == (400, 707)
    named = api.data("queues.create", {"name": "default"})["id"]
    assert api.data("queues.get_default")["id"] == named
    api.data("queues.update", {"queue": queue, "system_tags": ["default"]})
    assert api.data("queues.get_default") == {"id": queue, "name": "gpu"}


def test_tasks_wait_in_order_and_are_taken_once(
    api: ProtocolClient, project: Project, queue: str
) -> None:
    tasks = enqueue(api, project, queue, 3)
    assert waiting(api, queue) == [task.uid for task in tasks]
    assert api.data("queues.get_num_entries", {"queue": queue}) == {"num": 3}
    assert api.data("queues.peek_task", {"queue": queue}) == {"task": tasks[0].uid}
    assert {status(task) for task in tasks} == {"queued"}

    taken = [api.data("queues.get_next_task", {"queue": queue}) for _ in range(4)]
    assert [reply["entry"]["task"] for reply in taken[:3]] == [task.uid for task in tasks]
    assert taken[3] == {}
    assert {status(task) for task in tasks} == {"queued"}, "the agent starts them itself"


def test_the_taker_may_ask_whose_it_is(api: ProtocolClient, project: Project, queue: str) -> None:
    [task] = enqueue(api, project, queue)
    reply = api.data("queues.get_next_task", {"queue": queue, "get_task_info": True})
    assert reply["task_info"]["user"] == task.user.uid


def test_what_an_agent_does_with_a_task(api: ProtocolClient, project: Project, queue: str) -> None:
    [task] = enqueue(api, project, queue)
    api.data("queues.get_next_task", {"queue": queue})
    api.data("tasks.started", {"task": task.uid, "force": True, "status_reason": "pulled by agent"})
    reply = api.data("tasks.dequeue", {"task": task.uid, "new_status": "in_progress"})
    assert reply["dequeued"] == 0
    found = Task.objects.get(pk=task.pk)
    assert (found.status, found.execution["queue"]) == ("in_progress", queue)


def test_to_enqueue_again_changes_nothing_and_elsewhere_is_refused(
    api: ProtocolClient, project: Project, queue: str
) -> None:
    first, second = enqueue(api, project, queue, 2)
    reply = api.data("tasks.enqueue", {"task": first.uid, "queue": queue})
    assert reply["queued"] == 1
    assert waiting(api, queue) == [first.uid, second.uid]
    other = api.data("queues.create", {"name": "cpu"})["id"]
    assert api.refused("tasks.enqueue", {"task": first.uid, "queue": other}) == (400, 706)
    message = api.call("tasks.enqueue", {"task": first.uid, "queue": other})["meta"]["result_msg"]
    assert "gpu" in message


@pytest.mark.parametrize("found", ["in_progress", "completed", "published"])
def test_what_cannot_wait_is_refused_by_its_status(
    api: ProtocolClient, project: Project, queue: str, found: str
) -> None:
    task = make_task(project)
    Task.objects.filter(pk=task.pk).update(status=found)
    assert api.refused("tasks.enqueue", {"task": task.uid, "queue": queue}) == (400, 110)
    assert waiting(api, queue) == []


def test_enqueue_by_name_makes_the_queue(api: ProtocolClient, project: Project) -> None:
    task = make_task(project)
    reply = api.data("tasks.enqueue", {"task": task.uid, "queue_name": "new one"})
    made = Queue.objects.get(name="new one")
    assert reply["fields"]["execution.queue"] == made.uid
    assert reply["fields"]["status"] == "queued"
    assert api.refused("tasks.enqueue", {"task": task.uid, "queue": "f" * 32}) == (400, 701)


def test_dequeued_it_is_a_draft_again(api: ProtocolClient, project: Project, queue: str) -> None:
    [task] = enqueue(api, project, queue)
    assert api.data("tasks.dequeue", {"task": task.uid})["dequeued"] == 1
    assert status(task) == "created"
    assert "queue" not in Task.objects.get(pk=task.pk).execution
    assert api.data("tasks.dequeue", {"task": task.uid})["dequeued"] == 0
    assert waiting(api, queue) == []


@pytest.mark.parametrize("call", ["tasks.started", "tasks.stop", "tasks.reset", "tasks.delete"])
def test_whatever_happens_to_it_it_leaves_the_queue(
    api: ProtocolClient, project: Project, queue: str, call: str
) -> None:
    [task] = enqueue(api, project, queue)
    api.data(call, {"task": task.uid, "force": True})
    assert not QueueEntry.objects.exists()
    assert api.data("queues.get_next_task", {"queue": queue}) == {}


def test_the_order_can_be_changed(api: ProtocolClient, project: Project, queue: str) -> None:
    a, b, c, d = (task.uid for task in enqueue(api, project, queue, 4))

    def move(how: str, task: str, **more: Any) -> int:
        return api.data(f"queues.move_task_{how}", {"queue": queue, "task": task, **more})[
            "position"
        ]

    assert move("to_front", c) == 0
    assert waiting(api, queue) == [c, a, b, d]
    assert move("to_back", a) == 3
    assert waiting(api, queue) == [c, b, d, a]
    assert move("forward", a, count=2) == 1
    assert waiting(api, queue) == [c, a, b, d]
    assert move("backward", c) == 1
    assert waiting(api, queue) == [a, c, b, d]
    assert move("backward", c, count=99) == 3
    assert waiting(api, queue) == [a, b, d, c]
    api.data("queues.remove_task", {"queue": queue, "task": b})
    assert waiting(api, queue) == [a, d, c]
    assert api.refused("queues.move_task_to_front", {"queue": queue, "task": b}) == (400, 703)
    assert api.refused("queues.remove_task", {"queue": queue, "task": b}) == (400, 703)


def test_a_full_queue_is_deleted_only_by_force(
    api: ProtocolClient, project: Project, queue: str
) -> None:
    [task] = enqueue(api, project, queue)
    assert api.refused("queues.delete", {"queue": queue}) == (400, 702)
    assert api.data("queues.delete", {"queue": queue, "force": True}) == {"deleted": 1}
    assert status(task) == "created"


def test_a_queue_is_cleared(api: ProtocolClient, project: Project, queue: str) -> None:
    tasks = enqueue(api, project, queue, 2)
    removed = api.data("queues.clear_queue", {"queue": queue})["removed_tasks"]
    assert removed == [task.uid for task in tasks]
    assert {status(task) for task in tasks} == {"created"}


def test_metadata(api: ProtocolClient, queue: str) -> None:
    item = {"key": "owner", "type": "str", "value": "amy"}
    api.data("queues.add_or_update_metadata", {"queue": queue, "metadata": [item]})
    found = api.data("queues.get_by_id", {"queue": queue})["queue"]["metadata"]
    assert found == {"owner": item}
    assert api.data("queues.delete_metadata", {"queue": queue, "keys": ["owner"]})["updated"] == 1
    assert api.data("queues.get_by_id", {"queue": queue})["queue"]["metadata"] == {}


def test_others_see_the_queue_but_not_what_is_not_theirs(
    api: ProtocolClient, charlie_api: ProtocolClient, project: Project, queue: str
) -> None:
    """An agent of somebody who may not run a task must not take it away from those who may."""
    [task] = enqueue(api, project, queue)
    theirs = make_task(make_project("theirs", owner=charlie_api.user))
    charlie_api.data("tasks.enqueue", {"task": theirs.uid, "queue": queue})
    assert waiting(charlie_api, queue) == [theirs.uid]
    assert charlie_api.data("queues.get_num_entries", {"queue": queue}) == {"num": 2}
    taken = charlie_api.data("queues.get_next_task", {"queue": queue})
    assert taken["entry"]["task"] == theirs.uid
    assert charlie_api.data("queues.get_next_task", {"queue": queue}) == {}
    assert charlie_api.data("queues.clear_queue", {"queue": queue}) == {"removed_tasks": []}
    assert waiting(api, queue) == [task.uid]


def test_queue_metrics(api: ProtocolClient, project: Project, queue: str) -> None:
    enqueue(api, project, queue, 2)
    api.data("queues.get_next_task", {"queue": queue})
    span = {"from_date": 0, "to_date": 4e9, "interval": 4_000_000}
    [found] = api.data("queues.get_queue_metrics", {**span, "queue_ids": [queue]})["queues"]
    assert found["queue"] == queue
    assert found["queue_lengths"] == [1]
    assert len(found["avg_waiting_times"]) == 1
    [of_all] = api.data("queues.get_queue_metrics", span)["queues"]
    assert of_all["queue"] == "all"
    assert api.refused("queues.get_queue_metrics", {**span, "interval": 0}) == (400, 12)
    assert api.refused("queues.get_queue_metrics", {**span, "interval": 1}) == (400, 12)
