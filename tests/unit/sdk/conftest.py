"""A task of alice's, made and read through the protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.people import ProtocolClient

NOBODY = "0" * 32

Create = Callable[..., str]
Read = Callable[[str], dict[str, Any]]


@pytest.fixture
def create(api: ProtocolClient, project: Any) -> Create:
    """`create(name=..., **fields)` makes a draft in alice's project and gives its id."""

    def make(**fields: Any) -> str:
        given = {"name": "a task", "type": "training", "project": project.uid, **fields}
        return api.data("tasks.create", given)["id"]

    return make


@pytest.fixture
def read(api: ProtocolClient) -> Read:
    return lambda uid: api.data("tasks.get_by_id", {"task": uid})["task"]


@pytest.fixture
def task(create: Create) -> str:
    return create()
