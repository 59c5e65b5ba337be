"""tasks.ping, tasks.set_requirements and tasks.get_types."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db


def test_ping_moves_the_last_update_only(api: ProtocolClient, task: str, read: Read) -> None:
    before = read(task)
    assert api.data("tasks.ping", {"task": task}) == {}
    after = read(task)
    assert after["last_update"] > before["last_update"]
    assert after | {"last_update": ""} == before | {"last_update": ""}


def test_requirements_are_replaced_and_the_script_stays(
    api: ProtocolClient, create: Create, read: Read
) -> None:
    uid = create(script={"diff": "d", "requirements": {"conda": "x"}})
    api.data("tasks.started", {"task": uid})
    body = {"task": uid, "requirements": {"pip": "numpy == 1.0"}}
    for _ in range(2):
        assert api.data("tasks.set_requirements", body)["updated"] == 1
        assert read(uid)["script"] == {"diff": "d", "requirements": {"pip": "numpy == 1.0"}}


@pytest.mark.parametrize("endpoint", ["tasks.ping", "tasks.set_requirements"])
def test_they_refuse(
    api: ProtocolClient,
    bob_api: ProtocolClient,
    charlie_api: ProtocolClient,
    task: str,
    endpoint: str,
) -> None:
    body: dict[str, Any] = {"requirements": {}}
    assert api.refused(endpoint, body) == (400, 11)
    assert api.refused(endpoint, {**body, "task": NOBODY}) == (400, 101)
    assert bob_api.refused(endpoint, {**body, "task": task}) == (403, 21)
    assert charlie_api.refused(endpoint, {**body, "task": task}) == (400, 101)


def test_types_are_those_one_may_see(
    api: ProtocolClient, charlie_api: ProtocolClient, create: Create, project: Any
) -> None:
    for kind in ("training", "optimizer", "training"):
        create(type=kind)
    assert api.data("tasks.get_types") == {"types": ["optimizer", "training"]}
    assert api.data("tasks.get_types", {"projects": [NOBODY]}) == {"types": []}
    asked = {"projects": [project.uid]}
    assert api.data("tasks.get_types", asked) == {"types": ["optimizer", "training"]}
    assert charlie_api.data("tasks.get_types", asked) == {"types": []}
