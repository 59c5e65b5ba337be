"""Every address of the site, so that a new page is in every test of trust by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client

from experiments.models import User
from experiments.operations.accounts import issue_credentials, make_sign_in_link
from experiments.operations.actor import Actor
from experiments.operations.documents import Object
from experiments.operations.queueing import enqueue_task
from experiments.operations.queues import create_queue
from experiments.operations.workers import register_worker
from tests.factories import make_task
from webui.checks import routes
from webui.policy import FILES, POLICY, SIGNED_IN, TOKEN, Access

METHODS = ("get", "post", "put", "patch", "delete")
# Addresses that show a part of an experiment, and how they are told which.
PARTS = {
    "experiment-configuration-object": "object",
    "experiment-object-lines": "object",
    "experiment-object-tree": "object",
    "experiment-object-form": "name",
    "experiment-object-diff": "name",
    "experiment-configuration-download": "name",
    "experiment-parameter": "key",
    "experiment-edit-parameter": "key",
    "experiment-section-form": "section",
    "experiment-describe-section": "section",
    "experiment-remove-section": "section",
    "experiment-paste": "section",
    "experiment-section-rows": "section",
    "experiment-edit-execution": "group",
}
# What everybody signed in may see, though it has an id; what waits in a queue is somebody's.
EVERYBODYS = ("queue", "worker")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One address with its parameters filled in."""

    name: str
    path: str
    parameters: int = 0

    @property
    def access(self) -> Access:
        return POLICY[self.name]

    @property
    def owned(self) -> bool:
        """Whether it shows or changes something that belongs to somebody."""
        belongs = not self.name.startswith(EVERYBODYS)
        return self.parameters > 0 and self.access is SIGNED_IN and belongs

    def ask(self, client: Client, method: str = "get", **more: Any) -> HttpResponse:
        return client.generic(
            method.upper(),
            self.path,
            more.pop("data", ""),
            more.pop("content_type", "application/x-www-form-urlencoded"),
            **more,
        )


def text_of(answer: Any) -> str:
    """The body, also of a download that is streamed."""
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


def addresses(samples: dict[str, str]) -> list[Address]:
    """All pages; what scripts call is walked elsewhere: endpoints, and `test_files.py`."""
    scripts = {TOKEN, FILES}
    return [
        _filled(route, name, samples) for route, name in routes() if POLICY[name] not in scripts
    ]


def samples_of(owner: User, project: Any) -> dict[str, str]:
    """Values for the parameters of addresses, of things that belong to `owner`."""
    task = make_task(
        project,
        user=owner,
        parameters={"Args/lr": "0.1"},
        configuration={"model": Object("layers: 3", "yaml", "")},
        script={"branch": "main", "diff": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"},
    )
    queue = create_queue(name=f"queue of {task.uid}", by=Actor(owner))
    enqueue_task(task=make_task(project, user=owner), queue=queue, by=Actor(owner))
    worker = register_worker(name=f"worker of {task.uid}", queues=[queue.uid], by=Actor(owner))
    return {
        "queue": queue.uid,
        "worker": str(worker.pk),
        "project": project.uid,
        "experiment": task.uid,
        "token": make_sign_in_link(user=owner),
        "access_key": issue_credentials(user=owner).access_key,
        "rest": "output/log",
        "name": "model",
        "object": "model",
        "key": "Args/lr",
        "section": "Args",
        "group": "code",
        "action": "archive",
    }


def _filled(route: str, name: str, samples: dict[str, str]) -> Address:
    path, parameters = _PARAMETER.subn(lambda found: _sample(samples, name, found[1]), route)
    if name in PARTS:
        path += f"?{PARTS[name]}={quote(samples[PARTS[name]])}"
    return Address(name, f"/{path}", parameters)


def _sample(samples: dict[str, str], name: str, parameter: str) -> str:
    """`uid` is that of a project where the name of the address says so, else of an experiment."""
    if parameter == "uid":
        return samples["project" if name.startswith("project") else "experiment"]
    return samples[parameter]
