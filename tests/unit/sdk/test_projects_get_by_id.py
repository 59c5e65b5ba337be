"""projects.get_by_id."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY

pytestmark = pytest.mark.django_db


def test_it_shows_a_project(bob_api: ProtocolClient, project: Any, alice: Any) -> None:
    shown = bob_api.data("projects.get_by_id", {"project": project.uid})["project"]
    assert (shown["id"], shown["name"], shown["user"]) == (project.uid, "vision", alice.uid)


@pytest.mark.parametrize(
    ("project_id", "expected"),
    [(NOBODY, (400, 401)), ("a name", (400, 10)), (None, (400, 11))],
)
def test_it_refuses(api: ProtocolClient, project_id: str | None, expected: tuple[int, int]) -> None:
    assert api.refused("projects.get_by_id", {"project": project_id}) == expected


def test_to_a_stranger_it_is_not_there(charlie_api: ProtocolClient, project: Any) -> None:
    assert charlie_api.refused("projects.get_by_id", {"project": project.uid}) == (400, 401)
