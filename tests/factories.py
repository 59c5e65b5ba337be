"""Things to test with, made by the same operations as everywhere else."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from experiments.models import Project, Role, Task, User, Via
from experiments.operations import accounts, projects, tasks
from experiments.operations.actor import Actor
from experiments.rules.document import Document, Item

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def make_user(username: str = "", *, admin: bool = False) -> User:
    name = username or f"user{next(_numbers)}"
    return accounts.ensure_user(username=name, admin=admin, now=NOW)


def actor(user: User, via: str = Via.SDK, client: str = "") -> Actor:
    return Actor(user=user, via=via, client=client)


def make_project(
    name: str = "", *, owner: User, members: Mapping[User, Role] | None = None
) -> Project:
    """A project closed to everybody but its owner and members."""
    name = name or f"project{next(_numbers)}"
    project = projects.create_project(name=name, by=actor(owner), now=NOW)
    projects.set_default_role(project=project, role=Role.NONE, by=actor(owner))
    for user, role in {owner: Role.OWNER, **(members or {})}.items():
        projects.share_project(project=project, user=user, role=role, by=actor(owner))
    project.refresh_from_db()
    return project


def make_task(
    project: Project,
    *,
    user: User | None = None,
    name: str = "",
    parameters: Mapping[str, str | Item] | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> Task:
    """A draft. `parameters` maps `Args/lr` to its value; other fields as in `create_task`."""
    by = actor(user or project.owner)
    if parameters:
        fields["hyperparams"] = document_of(parameters)
    name = name or f"task{next(_numbers)}"
    return tasks.create_task(project=project, name=name, by=by, now=now, **fields)


def document_of(parameters: Mapping[str, str | Item]) -> Document:
    """`{"Args/lr": "0.1"}` as a document; the name may contain further slashes."""
    document: Document = {}
    for key, value in parameters.items():
        section, _, name = key.partition("/")
        item = value if isinstance(value, Item) else Item(value)
        document.setdefault(section, {})[name] = item
    return document
