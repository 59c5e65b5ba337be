"""A queue in which three things wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from experiments.models import Project, Queue, Task, User
from experiments.operations.queueing import enqueue_task
from experiments.operations.queues import create_queue
from tests.factories import actor, make_task


@pytest.fixture
def queue(alice: User) -> Queue:
    return create_queue(name="gpu", by=actor(alice))


@pytest.fixture
def waiting(queue: Queue, project: Project, alice: User) -> list[Task]:
    """Three tasks, put in an hour, half an hour and a moment ago."""
    now = datetime.now(UTC)
    tasks = [make_task(project, name=name) for name in ("first", "second", "third")]
    for task, minutes in zip(tasks, (60, 30, 0), strict=True):
        enqueue_task(
            task=task, queue=queue, by=actor(alice), now=now - timedelta(minutes=minutes, seconds=5)
        )
    return tasks
