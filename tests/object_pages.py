"""The pages of configuration objects, as a browser asks for them and sends their form."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from experiments.operations.configurations import object_version
from experiments.operations.documents import Object, stored_configuration

YAML = "model:\n  name: resnet50\n  layers: [1, 2]\nlr: 0.1\n"
SECRET = "db:\n  password: canary7f3aX\n  host: example.org\n"
OBJECTS = {
    "net": Object(YAML, "yaml", "the network"),
    "notes": Object("plain\r\ntext", "text"),
    "secret.yaml": Object(SECRET, "yaml"),
}


def address(task: Any, part: str = "") -> str:
    return f"/experiments/{task.uid}/configuration/{part}"


def get(client: Client, task: Any, part: str = "", **query: str) -> str:
    response = client.get(address(task, part), query)
    assert response.status_code == 200, response.content
    return response.content.decode()


def lines_of(page: str) -> dict[int, str]:
    """The exact text of each line that is drawn."""
    found = re.findall(r'data-line="(\d+)"[^>]*><a [^>]*></a>(.*?)\n</span>', page, re.DOTALL)
    return {int(n): html.unescape(re.sub(r"<[^>]+>", "", text)) for n, text in found}


def stored(task: Any, name: str) -> Object | None:
    return stored_configuration(task).get(name)


def save(client: Client, task: Any, name: str, **fields: str) -> Any:
    """Sends the form as a browser does that opened the object as it is stored."""
    seen_name = fields.pop("seen_name", name)
    found = stored(task, seen_name)
    body = {
        "name": name, "seen_name": seen_name if found else "", "seen": object_version(found),
        "type": (found and found.type) or "", "description": (found and found.description) or "",
        "text": found.value if found else "",
    }  # fmt: skip
    body |= fields
    for field in ("text", "description"):
        plain = body[field].replace("\r\n", "\n").replace("\r", "\n")
        body[field] = plain.replace("\n", "\r\n")
    return client.post(address(task, "object/edit/"), body)
