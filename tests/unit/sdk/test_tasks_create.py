"""tasks.create."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create, Read

pytestmark = pytest.mark.django_db

EVERYTHING: dict[str, Any] = {
    "name": "resnet",
    "type": "training",
    "comment": "first try",
    "tags": ["a", "b"],
    "system_tags": ["development"],
    "script": {"repository": "git@x", "diff": "+1", "requirements": {"pip": "numpy"}},
    "container": {"image": "ubuntu", "arguments": "--gpus all"},
    "execution": {"artifacts": [{"key": "k", "type": "t", "uri": "u", "mode": "input"}]},
    "models": {"input": [{"name": "m", "model": "1"}], "output": []},
    "hyperparams": {
        "Args": {
            "lr": {
                "section": "Args",
                "name": "lr",
                "value": "0.10",
                "type": "float",
                "description": "learning rate",
            }
        },
        "General": {"we.ird $key%__x_": {"value": ""}, "_lead/__und": {"value": "☃"}},
    },
    "configuration": {"General": {"value": "k {\n  n = 1\n}", "type": "dictionary"}},
}


def test_it_keeps_every_field(create: Create, read: Read, project: Any, alice: Any) -> None:
    parent = create()
    task = read(create(**EVERYTHING, parent=parent, output_dest="s3://b"))
    for name in ("name", "type", "comment", "tags", "system_tags", "script", "container", "models"):
        assert task[name] == EVERYTHING[name]
    assert task["execution"]["artifacts"] == EVERYTHING["execution"]["artifacts"]
    assert task["output"] == {"destination": "s3://b"}
    assert (task["project"], task["user"], task["parent"]) == (project.uid, alice.uid, parent)
    assert (task["status"], task["last_iteration"]) == ("created", 0)


def test_parameters_come_back_as_sent(create: Create, read: Read) -> None:
    hyperparams = read(create(**EVERYTHING))["hyperparams"]
    assert hyperparams["Args"]["lr"] == EVERYTHING["hyperparams"]["Args"]["lr"]
    assert hyperparams["General"] == {
        "we.ird $key%__x_": {"section": "General", "name": "we.ird $key%__x_", "value": ""},
        "_lead/__und": {"section": "General", "name": "_lead/__und", "value": "☃"},
    }


def test_configuration_comes_back_byte_for_byte(create: Create, read: Read) -> None:
    text = "a: 1  \r\n\tb: 'ü'\n\n"
    task = read(create(configuration={"x.yaml": {"value": text, "type": "yaml"}}))
    assert task["configuration"] == {"x.yaml": {"name": "x.yaml", "value": text, "type": "yaml"}}


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (0.1, "0.1"), (True, "True"), (None, ""), (10**30, "1" + "0" * 30)],
)
def test_values_become_text(create: Create, read: Read, value: Any, text: str) -> None:
    task = read(create(hyperparams={"Args": {"x": {"value": value}}}))
    assert task["hyperparams"]["Args"]["x"]["value"] == text


def test_each_call_makes_another_task(create: Create) -> None:
    assert create() != create()


@pytest.mark.parametrize("missing", ["name", "type", "project"])
def test_it_needs(api: ProtocolClient, project: Any, missing: str) -> None:
    body = {"name": "abc", "type": "training", "project": project.uid}
    del body[missing]
    assert api.refused("tasks.create", body) == (400, 11)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", "ab", (400, 12)),
        ("name", 5, (400, 12)),
        ("type", "cooking", (400, 12)),
        ("tags", {"a": 1}, (400, 12)),
        ("tags", [1], (400, 12)),
        ("project", NOBODY, (400, 401)),
        ("project", "vision", (400, 10)),
        ("parent", NOBODY, (400, 101)),
        ("hyperparams", {"Args": {"x": {"value": []}}}, (400, 12)),
        ("hyperparams", {"Args": []}, (400, 12)),
        ("hyperparams", {" ": {"x": {"value": "1"}}}, (400, 12)),
        ("hyperparams", {"Args": {"": {"value": "1"}}}, (400, 12)),
        ("configuration", {"": {"value": "1"}}, (400, 12)),
        ("execution", {"artifacts": ["x"]}, (400, 12)),
        ("script", {"diff": 5}, (400, 12)),
        ("models", {"input": "x"}, (400, 12)),
    ],
)
def test_it_refuses(
    api: ProtocolClient, project: Any, field: str, value: Any, expected: tuple[int, int]
) -> None:
    body = {"name": "abc", "type": "training", "project": project.uid, field: value}
    assert api.refused("tasks.create", body) == expected


def test_a_refusal_names_the_field(api: ProtocolClient, project: Any) -> None:
    body = {
        "name": "abc",
        "type": "training",
        "project": project.uid,
        "hyperparams": {"Args": {"x": {"value": []}}},
    }
    meta = api.call("tasks.create", body)["meta"]
    assert meta["error_data"] == {"field": "hyperparams.Args.x.value"}


def test_viewers_and_strangers_make_none(
    bob_api: ProtocolClient, charlie_api: ProtocolClient, project: Any
) -> None:
    body = {"name": "abc", "type": "training", "project": project.uid}
    assert bob_api.refused("tasks.create", body) == (403, 21)
    assert charlie_api.refused("tasks.create", body) == (400, 401)
