"""tasks.get_hyper_params, edit_hyper_params, delete_hyper_params and the reads of objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db


def items(*pairs: str) -> list[dict[str, str]]:
    """`Args/a=1` as an item of a list."""
    made = []
    for pair in pairs:
        key, _, value = pair.partition("=")
        section, _, name = key.partition("/")
        made.append({"section": section, "name": name, "value": value})
    return made


@pytest.fixture
def listed(api: ProtocolClient) -> Any:
    def shown(task: str) -> list[str]:
        found = api.data("tasks.get_hyper_params", {"tasks": [task]})["params"]
        assert [entry["task"] for entry in found] == [task]
        return [f"{i['section']}/{i['name']}={i['value']}" for i in found[0]["hyperparams"]]

    return shown


@pytest.fixture
def some(create: Create) -> str:
    return create(
        hyperparams={
            "General": {"c": {"value": "3"}},
            "Args": {"b": {"value": "2"}, "a": {"value": "1"}},
            "properties": {"p": {"value": "4"}},
        }
    )


ALL = ["Args/a=1", "Args/b=2", "General/c=3", "properties/p=4"]


def test_they_come_sorted(listed: Any, some: str) -> None:
    assert listed(some) == ALL


@pytest.mark.parametrize(
    ("replace", "expected"),
    [
        (None, ["Args/a=9", "Args/b=2", "Args/new=8", *ALL[2:]]),
        ("none", ["Args/a=9", "Args/b=2", "Args/new=8", *ALL[2:]]),
        ("section", ["Args/a=9", "Args/new=8", *ALL[2:]]),
        ("all", ["Args/a=9", "Args/new=8", "properties/p=4"]),
    ],
)
def test_edit_sets_and_replaces(
    api: ProtocolClient, listed: Any, some: str, replace: str | None, expected: list[str]
) -> None:
    body = {
        "task": some,
        "hyperparams": items("Args/a=9", "Args/new=8"),
        "replace_hyperparams": replace,
    }
    for _ in range(2):
        assert api.data("tasks.edit_hyper_params", body) == {"updated": 1}
        assert listed(some) == expected


def test_delete_removes_parameters_and_sections(
    api: ProtocolClient, listed: Any, some: str
) -> None:
    body = {
        "task": some,
        "hyperparams": [
            {"section": "Args", "name": "a"},
            {"section": "General"},
            {"section": "absent"},
        ],
    }
    for _ in range(2):
        assert api.data("tasks.delete_hyper_params", body) == {"deleted": 1}
        assert listed(some) == ["Args/b=2", "properties/p=4"]


def test_a_section_and_one_of_its_names_contradict(api: ProtocolClient, some: str) -> None:
    body = {"task": some, "hyperparams": [{"section": "Args"}, {"section": "Args", "name": "a"}]}
    assert api.refused("tasks.delete_hyper_params", body) == (400, 15)


@pytest.mark.parametrize("endpoint", ["tasks.edit_hyper_params", "tasks.delete_hyper_params"])
def test_rights_by_status(api: ProtocolClient, some: str, endpoint: str) -> None:
    api.data("tasks.started", {"task": some})
    parameters = {"task": some, "hyperparams": items("Args/a=9")}
    assert api.refused(endpoint, parameters) == (400, 110)
    api.data(endpoint, {**parameters, "force": True})
    api.data("tasks.completed", {"task": some})
    api.data(endpoint, {"task": some, "hyperparams": items("Properties/p=5")})


@pytest.mark.parametrize("endpoint", ["tasks.edit_hyper_params", "tasks.delete_hyper_params"])
def test_they_refuse(
    api: ProtocolClient,
    bob_api: ProtocolClient,
    charlie_api: ProtocolClient,
    some: str,
    endpoint: str,
) -> None:
    good = {"task": some, "hyperparams": items("Args/a=9")}
    assert api.refused(endpoint, {"task": some}) == (400, 11)
    assert api.refused(endpoint, {"task": some, "hyperparams": [{"name": "a"}]}) == (400, 12)
    assert api.refused(endpoint, {"task": some, "hyperparams": items("/a=1")}) == (400, 12)
    assert api.refused(endpoint, {**good, "task": NOBODY}) == (400, 101)
    assert bob_api.refused(endpoint, good) == (403, 21)
    assert charlie_api.refused(endpoint, good) == (400, 101)


def test_an_unknown_way_to_replace_is_refused(api: ProtocolClient, some: str) -> None:
    body = {"task": some, "hyperparams": items("Args/a=9"), "replace_hyperparams": "some"}
    assert api.refused("tasks.edit_hyper_params", body) == (400, 12)


def test_numbers_that_no_machine_holds_are_kept_exactly(
    api: ProtocolClient, listed: Any, some: str
) -> None:
    digits = "7" * 5000
    body = (
        f'{{"task": "{some}", "hyperparams": ['
        f'{{"section": "Args", "name": "a", "value": {digits}}}]}}'
    )
    reply = api.send("/v2.23/tasks.edit_hyper_params", body.encode())
    assert reply["meta"]["result_code"] == 200
    assert listed(some)[0] == f"Args/a={digits}"


@pytest.mark.parametrize(("value", "text"), [("NaN", "nan"), ("-Infinity", "-inf")])
def test_values_that_json_does_not_have_become_text(
    api: ProtocolClient, listed: Any, some: str, value: str, text: str
) -> None:
    body = (
        f'{{"task": "{some}", "hyperparams": ['
        f'{{"section": "Args", "name": "a", "value": {value}}}]}}'
    )
    api.send("/v2.23/tasks.edit_hyper_params", body.encode())
    assert listed(some)[0] == f"Args/a={text}"


@pytest.mark.parametrize(
    "endpoint",
    ["tasks.get_hyper_params", "tasks.get_configurations", "tasks.get_configuration_names"],
)
def test_reads_refuse(
    api: ProtocolClient, charlie_api: ProtocolClient, some: str, endpoint: str
) -> None:
    assert api.refused(endpoint, {}) == (400, 11)
    assert api.refused(endpoint, {"tasks": [some, NOBODY]}) == (400, 101)
    assert charlie_api.refused(endpoint, {"tasks": [some]}) == (400, 101)
    assert api.call(endpoint, {"tasks": [some]}, version="2.8")["meta"]["result_code"] == 404


def test_objects_and_their_names(api: ProtocolClient, create: Create, read: Read) -> None:
    uid = create(
        configuration={
            "model": {"value": "x", "type": "yaml", "description": "d"},
            "empty": {"value": ""},
        }
    )
    objects = api.data("tasks.get_configurations", {"tasks": [uid], "names": ["model"]})
    assert objects["configurations"] == [
        {
            "task": uid,
            "configuration": [
                {"name": "model", "value": "x", "type": "yaml", "description": "d"},
            ],
        }
    ]
    names = api.data("tasks.get_configuration_names", {"tasks": [uid]})
    assert names["configurations"] == [{"task": uid, "names": ["model"]}]
    every = api.data("tasks.get_configuration_names", {"tasks": [uid], "skip_empty": False})
    assert every["configurations"] == [{"task": uid, "names": ["empty", "model"]}]
