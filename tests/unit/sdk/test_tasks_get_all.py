"""tasks.get_all and tasks.get_all_ex: the language on real rows."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

import pytest

from experiments.models import Project
from tests.factories import NOW
from tests.people import ProtocolClient
from tests.unit.sdk.conftest import NOBODY, Create

pytestmark = pytest.mark.django_db

Query = dict[str, Any]


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def args(**values: str) -> dict[str, Any]:
    return {"hyperparams": {"Args": {name: {"value": text} for name, text in values.items()}}}


LOSS = f"last_metrics.{md5('loss')}.{md5('train')}"


@pytest.fixture
def tasks(api: ProtocolClient, create: Create, project: Any) -> dict[str, str]:
    """Name -> id: five tasks in order of their creation, one of them hidden."""
    below = api.data("projects.create", {"name": f"{project.name}/below"})["id"]
    made = {
        "alpha run": {"tags": ["a"], "comment": "First", **args(lr="0.1", opt="adam")},
        "beta run": {"tags": ["a", "b"], "type": "testing", **args(lr="0.5", opt="sgd")},
        "Gamma": {"system_tags": ["archived"], **args(lr="10", flag="True")},
        "hidden one": {"system_tags": ["hidden"]},
        "below": {"project": below},
    }
    ids = {name: create(name=name, **fields) for name, fields in made.items()}
    api.data("tasks.edit", {"task": ids["beta run"], "parent": ids["alpha run"]})
    api.data("tasks.started", {"task": ids["beta run"]})
    for name, losses in {"alpha run": [3.0, 1.0], "beta run": [0.5, 2.0]}.items():
        for iteration, value in enumerate(losses):
            api.data(
                "events.add",
                {
                    "type": "training_stats_scalar",
                    "task": ids[name],
                    "metric": "loss",
                    "variant": "train",
                    "iter": iteration,
                    "value": value,
                    "timestamp": 1_700_000_000_000 + iteration,
                },
            )
    return ids


VISIBLE = ["below", "Gamma", "beta run", "alpha run"]


def names(api: ProtocolClient, query: Query) -> list[str]:
    return [task["name"] for task in api.data("tasks.get_all", query)["tasks"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, VISIBLE),
        ({"search_hidden": True}, ["below", "hidden one", *VISIBLE[1:]]),
        ({"name": "run"}, ["beta run", "alpha run"]),
        ({"name": r"^alpha\ run$"}, ["alpha run"]),
        ({"name": "^(a|b)"}, ["below", "beta run", "alpha run"]),
        ({"name": "gamma"}, []),
        ({"comment": "^Fir"}, ["alpha run"]),
        ({"search_text": "FIRST"}, ["alpha run"]),
        ({"type": ["testing"]}, ["beta run"]),
        ({"type": ["__$not", "testing"]}, ["below", "Gamma", "alpha run"]),
        ({"status": ["in_progress"]}, ["beta run"]),
        ({"status": ["created", "in_progress"]}, VISIBLE),
        ({"status": []}, VISIBLE),
        ({"status": ["cooking"]}, []),
        ({"tags": ["b", "c"]}, ["beta run"]),
        ({"tags": ["__$all", "a", "__$not", "b"]}, ["alpha run"]),
        ({"tags": [None]}, ["below", "Gamma"]),
        ({"system_tags": ["-archived"]}, ["below", "beta run", "alpha run"]),
        ({"system_tags": ["__$all", "archived"]}, ["Gamma"]),
        ({"parent": [None]}, ["below", "Gamma", "alpha run"]),
        ({"project": [NOBODY]}, []),
        ({"hyperparams.Args.lr.value": ["0.50"]}, ["beta run"]),
        ({"hyperparams.Args.lr.value": ["0.1", "10"]}, ["Gamma", "alpha run"]),
        ({"hyperparams.Args.lr.value": 10}, ["Gamma"]),
        ({"hyperparams.Args.opt": ["__$not", "adam"]}, ["below", "Gamma", "beta run"]),
        ({"hyperparams.Args.flag": ["True"]}, ["Gamma"]),
        ({"hyperparams.Args.opt": [None]}, ["below", "Gamma"]),
        ({"hyperparams.Args.none": ["x"]}, []),
        ({f"{LOSS}.value": [None, 1.5]}, ["alpha run"]),
        ({f"{LOSS}.min_value": [0.4, 0.6]}, ["beta run"]),
        ({f"{LOSS}.max_value": [">= 3"]}, ["alpha run"]),
        ({f"last_metrics.{md5('no')}.{md5('no')}.value": [0, 1]}, []),
        ({"last_iteration": [1, None]}, ["beta run", "alpha run"]),
        ({"started": [">=2024-01-01"]}, ["beta run"]),
        ({"created": ["2000-01-01", "2001-01-01"]}, []),
        ({"status_changed": [">2024-01-01"]}, VISIBLE),
        ({"last_change": "<2024-01-01"}, []),
        ({"active_duration": [0, 1000]}, ["beta run"]),
        (
            {"_any_": {"fields": ["name", "comment"], "pattern": "FIRST|gam"}},
            ["Gamma", "alpha run"],
        ),
        ({"_all_": {"fields": ["name", "comment"], "pattern": "r"}}, ["alpha run"]),
        ({"_any_": {"fields": ["hyperparams.Args.opt.value"], "pattern": "AD"}}, ["alpha run"]),
        ({"_any_": {"fields": ["tags"], "pattern": "^B$"}}, ["beta run"]),
        ({"unknown_field": 1, "method": "get"}, VISIBLE),
    ],
)
def test_it_finds(
    api: ProtocolClient, tasks: dict[str, str], query: Query, found: list[str]
) -> None:
    assert names(api, query) == found


def test_it_finds_by_things_with_ids(
    api: ProtocolClient, tasks: dict[str, str], project: Any, alice: Any
) -> None:
    assert names(api, {"id": [tasks["Gamma"], tasks["hidden one"], "nonsense"]}) == [
        "hidden one",
        "Gamma",
    ]
    assert names(api, {"parent": tasks["alpha run"]}) == ["beta run"]
    assert names(api, {"user": [alice.uid]}) == VISIBLE
    assert names(api, {"user": [NOBODY]}) == []
    assert names(api, {"project": [project.uid]}) == VISIBLE[1:]
    assert names(api, {"project": [project.uid], "include_subprojects": True}) == VISIBLE
    assert names(api, {"project": ["__$not", project.uid]}) == ["below"]


@pytest.mark.parametrize(
    ("order_by", "found"),
    [
        (["created"], VISIBLE[::-1]),
        (["name"], ["Gamma", "alpha run", "below", "beta run"]),
        (["-name"], ["beta run", "below", "alpha run", "Gamma"]),
        (["type", "name"], ["beta run", "Gamma", "alpha run", "below"]),
        (["-type", "-name"], ["below", "alpha run", "Gamma", "beta run"]),
        (["hyperparams.Args.lr.value"], ["alpha run", "beta run", "Gamma", "below"]),
        (["-hyperparams.Args.lr.value"], ["Gamma", "beta run", "alpha run", "below"]),
        ([f"{LOSS}.value"], ["alpha run", "beta run", "below", "Gamma"]),
        ([f"-{LOSS}.max_value"], ["alpha run", "beta run", "below", "Gamma"]),
        ([f"{LOSS}.min_value"], ["beta run", "alpha run", "below", "Gamma"]),
        (
            [f"last_metrics.{md5('no')}.{md5('no')}.value", "name"],
            ["Gamma", "alpha run", "below", "beta run"],
        ),
        (["-started", "name"], ["beta run", "Gamma", "alpha run", "below"]),
        (["-last_iteration", "-name"], ["beta run", "alpha run", "below", "Gamma"]),
    ],
)
def test_it_sorts(
    api: ProtocolClient, tasks: dict[str, str], order_by: list[str], found: list[str]
) -> None:
    assert names(api, {"order_by": order_by}) == found
    pages = [names(api, {"order_by": order_by, "page": n, "page_size": 1}) for n in range(5)]
    assert list(itertools.chain(*pages)) == found


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("order_by", [None, ["-hyperparams.Args.lr.value"], ["type", "name"]])
def test_it_scrolls(
    api: ProtocolClient, tasks: dict[str, str], size: int, order_by: list[str] | None
) -> None:
    everything = names(api, {"order_by": order_by})
    seen: list[str] = []
    query: Query = {"size": size, "order_by": order_by}
    for _ in range(6):
        reply = api.data("tasks.get_all", query)
        seen += [task["name"] for task in reply["tasks"]]
        query["scroll_id"] = reply["scroll_id"]
    assert seen == everything
    query["refresh_scroll"] = True
    assert names(api, query) == everything[:size]


def test_it_shows_only_the_fields_asked_for(api: ProtocolClient, tasks: dict[str, str]) -> None:
    query = {
        "name": "^alpha",
        "only_fields": [
            "status",
            "hyperparams.Args.lr.value",
            f"{LOSS}.value",
            "configuration.none",
            "-id",
        ],
    }
    assert api.data("tasks.get_all", query)["tasks"] == [
        {
            "id": tasks["alpha run"],
            "status": "created",
            "hyperparams": {"Args": {"lr": {"value": "0.1"}}},
            "last_metrics": {md5("loss"): {md5("train"): {"value": 1.0}}},
            "configuration": {},
        }
    ]


def test_the_last_metrics_are_complete(api: ProtocolClient, tasks: dict[str, str]) -> None:
    query = {"id": [tasks["beta run"]], "only_fields": ["last_metrics"]}
    [task] = api.data("tasks.get_all", query)["tasks"]
    assert task["last_metrics"][md5("loss")][md5("train")] == {
        "metric": "loss",
        "variant": "train",
        "value": 2.0,
        "min_value": 0.5,
        "min_value_iteration": 0,
        "max_value": 2.0,
        "max_value_iteration": 1,
        "first_value": 0.5,
        "first_value_iteration": 0,
        "mean_value": 1.25,
        "count": 2,
    }


def test_without_only_fields_the_whole_task_is_shown(
    api: ProtocolClient, tasks: dict[str, str]
) -> None:
    [shown] = api.data("tasks.get_all", {"id": [tasks["beta run"]]})["tasks"]
    assert shown == api.data("tasks.get_by_id", {"task": tasks["beta run"]})["task"]


def test_the_extended_form_names_what_it_refers_to(
    api: ProtocolClient, tasks: dict[str, str], project: Any
) -> None:
    query = {"id": [tasks["beta run"]], "only_fields": ["project.name", "parent.name", "user.name"]}
    assert api.data("tasks.get_all_ex", query)["tasks"] == [
        {
            "id": tasks["beta run"],
            "project": {"name": project.name},
            "parent": {"name": "alpha run"},
            "user": {"name": "alice"},
        }
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"name": "("},
        {"name": 5},
        {"page": -1},
        {"page": "first"},
        {"order_by": ["color"]},
        {"tags": ["__$xor"]},
        {"execution.queue": ["x"]},
        {"runtime.x": ["y"]},
        {"filters": {"tags": {"any": {}}}},
        {"started": ["soon"]},
        {"scroll_id": "nonsense"},
        {"hyperparams.Args.lr.value": {"a": 1}},
        {"_any_": {"fields": ["color"], "pattern": "x"}},
        {"_any_": {"fields": ["name"], "pattern": "("}},
        {"_any_": {"fields": [], "pattern": ""}},
        {"search_hidden": "perhaps"},
        {"only_fields": [None]},
    ],
)
@pytest.mark.parametrize("endpoint", ["tasks.get_all", "tasks.get_all_ex"])
def test_it_refuses_what_it_cannot_understand(
    api: ProtocolClient, project: Any, endpoint: str, query: Query
) -> None:
    assert api.refused(endpoint, query) == (400, 12)


def test_a_stranger_sees_none_and_a_viewer_all(
    charlie_api: ProtocolClient, bob_api: ProtocolClient, tasks: dict[str, str]
) -> None:
    assert names(charlie_api, {"id": list(tasks.values()), "search_hidden": True}) == []
    assert len(names(bob_api, {"search_hidden": True})) >= 4


def test_a_short_reply_costs_few_queries(
    api: ProtocolClient, tasks: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    """What a running script asks every two seconds."""
    query = {"id": [tasks["beta run"]], "only_fields": ["status", "status_message", "id"]}
    api.data("tasks.get_all", query)
    with django_assert_max_num_queries(8):
        api.data("tasks.get_all", query)


def test_many_projects_can_be_asked_for(api: ProtocolClient, create: Create) -> None:
    """More than a database takes in one chain of conditions."""
    uid = create(name="one of them")
    projects = [f"{number:032x}" for number in range(2000)]
    assert names(api, {"project": projects}) == []
    for number in range(1100):
        Project.objects.create(name=f"p{number}", created=NOW, last_update=NOW)
    query = {"project": ["__$not", NOBODY], "id": [uid]}
    assert names(api, query) == ["one of them"]
