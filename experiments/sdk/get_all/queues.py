"""`queues.get_all`."""

from __future__ import annotations

from collections.abc import Callable

from experiments.models import Queue
from experiments.sdk.get_all import few
from experiments.sdk.get_all.few import Searched
from experiments.sdk.schema import Count

TEXTS: dict[str, Callable[[Queue], str]] = {
    "id": lambda queue: queue.uid,
    "name": lambda queue: queue.name,
}
QUEUES = Searched[Queue](
    noun="queues",
    texts=TEXTS,
    orders=TEXTS
    | {"created": lambda queue: queue.created, "last_update": lambda queue: queue.last_update},
)


class GetAll(few.GetAll):
    max_task_entries: Count | None = None
