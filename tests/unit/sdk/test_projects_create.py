"""projects.create."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


def test_it_keeps_every_field(api: ProtocolClient) -> None:
    fields = {
        "name": "vision/detection",
        "description": "d",
        "tags": ["t"],
        "system_tags": ["s"],
        "default_output_destination": "s3://bucket",
    }
    uid = api.data("projects.create", fields)["id"]
    project = api.data("projects.get_by_id", {"project": uid})["project"]
    assert {name: project[name] for name in fields} == fields
    assert project["basename"] == "detection"


def test_it_makes_the_projects_above(api: ProtocolClient) -> None:
    api.data("projects.create", {"name": "a/b/c"})
    names = [found["name"] for found in api.data("projects.get_all")["projects"]]
    assert names == ["a", "a/b", "a/b/c"]


def test_the_same_name_again_is_refused(api: ProtocolClient) -> None:
    api.data("projects.create", {"name": "one"})
    assert api.refused("projects.create", {"name": "one"}) == (400, 801)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, 11)),
        ({"name": None}, (400, 11)),
        ({"name": 5}, (400, 12)),
        ({"name": "  "}, (400, 12)),
        ({"name": "a//b"}, (400, 12)),
    ],
)
def test_it_needs_a_name(
    api: ProtocolClient, body: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert api.refused("projects.create", body) == expected


def test_a_stranger_adds_nothing_to_a_closed_project(
    charlie_api: ProtocolClient, project: Any
) -> None:
    assert charlie_api.refused("projects.create", {"name": f"{project.name}/mine"}) == (403, 21)
