"""How the pages of queues are asked, and what they leave behind."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from experiments.models import Queue, QueueEntry

HTMX = {"HX-Request": "true"}


def text_of(answer: Any) -> str:
    return answer.content.decode()


def order(queue: Queue) -> list[str]:
    rows = QueueEntry.objects.filter(queue=queue).order_by("position", "id")
    return list(rows.values_list("task__name", flat=True))


def send(client: Client, queue: Queue, wish: str, *, htmx: bool = True, **more: Any) -> Any:
    return client.post(
        f"/queues/{queue.uid}/order/", {"do": wish, **more}, headers=HTMX if htmx else {}
    )


def asked_again(client: Client, address: str, fragment: str) -> tuple[str, set[int]]:
    """The address by which a fragment asks again, and what it is answered.

    Twice, because with the next minute the page says other times.
    """
    found = set()
    for _ in range(2):
        page = text_of(client.get(address))
        again = re.search(rf'id="{fragment}"[^>]*hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
        found.add(client.get(again, headers=HTMX).status_code)
    return again, found
