"""Every address of the site, so that a new page is in every test of trust by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from experiments.models import User
from experiments.operations.accounts import issue_credentials, make_sign_in_link
from tests.factories import make_task
from webui.checks import routes
from webui.policy import POLICY, Access

METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One address with its parameters filled in."""

    name: str
    path: str

    @property
    def access(self) -> Access:
        return POLICY[self.name]

    @property
    def owned(self) -> bool:
        """Whether it shows or changes something that belongs to somebody."""
        return self.name.startswith(("project", "experiment", "settings-revoke")) and (
            _PARAMETER.search({name: route for route, name in routes()}[self.name]) is not None
        )

    def ask(self, client: Client, method: str = "get", **more: Any) -> HttpResponse:
        return client.generic(
            method.upper(),
            self.path,
            more.pop("data", ""),
            more.pop("content_type", "application/x-www-form-urlencoded"),
            **more,
        )


def addresses(samples: dict[str, str]) -> list[Address]:
    """All pages; the protocol has one address, and its endpoints are walked elsewhere."""
    found = []
    for route, name in routes():
        if name != "sdk":
            path = _PARAMETER.sub(lambda match: _sample(samples, name, match[1]), route)  # noqa: B023
            found.append(Address(name, "/" + path.strip("^$").replace("\\Z", "")))
    return found


def samples_of(owner: User, project: Any) -> dict[str, str]:
    """Values for the parameters of addresses, of things that belong to `owner`."""
    task = make_task(project, user=owner, parameters={"Args/lr": "0.1"})
    return {
        "project": project.uid,
        "experiment": task.uid,
        "token": make_sign_in_link(user=owner),
        "access_key": issue_credentials(user=owner).access_key,
    }


def _sample(samples: dict[str, str], name: str, parameter: str) -> str:
    """`uid` is that of the thing the address is named for."""
    if parameter in {"uid", "project_uid", "task_uid"}:
        kind = parameter.removesuffix("uid").rstrip("_") or name.partition("-")[0]
        return samples[{"task": "experiment"}.get(kind, kind)]
    return samples[parameter]
