"""projects.get_all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(api: ProtocolClient) -> dict[str, str]:
    """Name -> id."""
    made = {
        "SDK flows": {"description": "of the kit"},
        "vision": {"tags": ["prod"]},
        "vision/detection": {"tags": ["prod", "new"]},
        "secret": {"system_tags": ["hidden"]},
    }
    return {
        name: api.data("projects.create", {"name": name, **fields})["id"]
        for name, fields in made.items()
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["SDK flows", "vision", "vision/detection"]),
        ({"search_hidden": True}, ["SDK flows", "secret", "vision", "vision/detection"]),
        ({"name": r"^SDK\ flows$"}, ["SDK flows"]),
        ({"name": "sdk"}, []),
        ({"name": "^vision(/.*)?$"}, ["vision", "vision/detection"]),
        ({"basename": "^detection$"}, ["vision/detection"]),
        ({"description": "kit"}, ["SDK flows"]),
        ({"search_text": "KIT"}, ["SDK flows"]),
        ({"tags": ["prod"]}, ["vision", "vision/detection"]),
        ({"tags": ["prod", "-new"]}, ["vision"]),
        ({"tags": ["__$all", "prod", "new"]}, ["vision/detection"]),
        ({"tags": [None]}, ["SDK flows"]),
        ({"shallow_search": True}, ["SDK flows", "vision"]),
        (
            {"_any_": {"fields": ["name", "description"], "pattern": "KIT|DETECT"}},
            ["SDK flows", "vision/detection"],
        ),
        ({"_all_": {"fields": ["name", "basename"], "pattern": "vis"}}, ["vision"]),
        ({"order_by": ["-name"]}, ["vision/detection", "vision", "SDK flows"]),
        ({"order_by": ["-created"], "page": 0, "page_size": 1}, ["vision/detection"]),
        ({"page": 1, "page_size": 2}, ["vision/detection"]),
        ({"page": 9, "page_size": 2}, []),
    ],
)
def test_it_finds(
    api: ProtocolClient, tree: dict[str, str], query: dict[str, Any], names: list[str]
) -> None:
    found = api.data("projects.get_all", query)["projects"]
    assert [project["name"] for project in found] == names


def test_it_finds_by_id_also_what_is_hidden(api: ProtocolClient, tree: dict[str, str]) -> None:
    found = api.data("projects.get_all", {"id": [tree["secret"]]})["projects"]
    assert [project["name"] for project in found] == ["secret"]


@pytest.mark.parametrize("shallow", [True, False])
def test_it_finds_below_a_parent(api: ProtocolClient, tree: dict[str, str], shallow: bool) -> None:
    query = {"parent": [tree["vision"]], "shallow_search": shallow}
    found = api.data("projects.get_all", query)["projects"]
    assert [project["name"] for project in found] == ["vision/detection"]


def test_it_shows_only_the_fields_asked_for(api: ProtocolClient, tree: dict[str, str]) -> None:
    query = {"name": "^vision$", "only_fields": ["name"]}
    assert api.data("projects.get_all", query) == {
        "projects": [{"id": tree["vision"], "name": "vision"}]
    }


@pytest.mark.parametrize(
    "query",
    [
        {"name": "("},
        {"order_by": ["color"]},
        {"page": -1},
        {"tags": ["__$xor", "a"]},
        {"_any_": {"fields": ["color"], "pattern": "x"}},
        {"_any_": {"fields": [], "pattern": "x"}},
        {"_any_": {"pattern": "x"}},
    ],
)
def test_it_refuses_what_it_cannot_understand(api: ProtocolClient, query: dict[str, Any]) -> None:
    assert api.refused("projects.get_all", query) == (400, 12)


def test_a_stranger_does_not_see_a_closed_project(
    charlie_api: ProtocolClient, bob_api: ProtocolClient, project: Any
) -> None:
    assert charlie_api.data("projects.get_all")["projects"] == []
    assert len(bob_api.data("projects.get_all")["projects"]) == 1
