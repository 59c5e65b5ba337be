from __future__ import annotations

import json
import math
from typing import Any

import pytest

from experiments.models import Task
from experiments.rules.status import Status
from tests.factories import make_task
from tests.reporting import line, plot, scalar

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(project):
    return make_task(project)


def send(api: Any, *events: dict[str, Any] | str) -> dict[str, Any]:
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    return api.send(
        "/v2.23/events.add_batch",
        "\n".join(lines).encode(),
        content_type="application/json-lines",
    )


def test_a_batch_is_taken_line_by_line(api, task) -> None:
    reply = send(api, scalar(task, 0, 1.0), line(task, "hello"), plot(task))
    assert reply["meta"]["result_code"] == 200
    assert reply["data"] == {"added": 3, "errors": 0, "errors_info": {}}


def test_a_line_that_is_no_json_does_not_stop_the_others(api, task) -> None:
    reply = send(api, "{nonsense", scalar(task, 0, 1.0), "[]", scalar(task, 1, "x"), "")
    data = reply["data"]
    assert (data["added"], data["errors"]) == (1, 3)
    assert sum(data["errors_info"].values()) == 3


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"value": "x"}, "value"),
        ({"iter": 10**20}, "iter"),
        ({"metric": "a\x00"}, "metric"),
        ({"variant": "\ud800"}, "variant"),
        ({"iter": math.nan}, "iter"),
    ],
)
def test_nothing_added_is_131_and_names_the_field(api, task, fault, named) -> None:
    reply = send(api, {**scalar(task, 0, 1.0), **fault})
    meta = reply["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == (400, 131)
    assert named in meta["result_msg"]


def test_an_empty_batch_is_131(api) -> None:
    assert send(api)["meta"]["result_subcode"] == 131


def test_a_number_beyond_all_numbers_is_refused(api, task) -> None:
    event = json.dumps(scalar(task, 0, 1.0)).replace('"value": 1.0', '"value": 1e999')
    assert send(api, event)["meta"]["result_subcode"] == 131


def test_strangers_and_viewers_cannot_report(bob_api, charlie_api, task) -> None:
    for api in (bob_api, charlie_api):
        assert send(api, scalar(task, 0, 1.0))["meta"]["result_subcode"] == 131


def test_a_read_only_key_cannot_report(alice, task) -> None:
    from tests.people import ProtocolClient

    meta = send(ProtocolClient(alice, scope="read"), scalar(task, 0, 1.0))["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == (403, 21)


def test_late_events_are_taken_until_the_task_is_published(api, task) -> None:
    Task.objects.filter(id=task.id).update(status=Status.COMPLETED)
    assert send(api, line(task, "late"))["data"]["added"] == 1
    Task.objects.filter(id=task.id).update(status=Status.PUBLISHED)
    assert send(api, line(task, "too late"))["meta"]["result_subcode"] == 131
    assert send(api, line(task, "knowingly", allow_locked=True))["data"]["added"] == 1


def test_fifteen_megabytes_are_taken_at_once(api, task) -> None:
    events = [json.dumps(scalar(task, i, i / 7, f"m/{i % 20}")) for i in range(40_000)]
    text = json.dumps(line(task, "x" * 100_000, 1))
    while sum(map(len, events)) + len(events) + len(text) < 15_728_640:
        events.append(text.replace("xxxx", f"{len(events):04}", 1))
    reply = send(api, *events)
    assert reply["data"] == {"added": len(events), "errors": 0, "errors_info": {}}
    curves = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid, "samples": 0})
    assert sum(len(curve["x"]) for curve in curves["m"].values()) == 40_000


def test_numbers_that_json_has_not_are_taken_and_answered(api, task) -> None:
    vector = {
        "type": "training_stats_vector",
        "task": task.uid,
        "metric": "h",
        "variant": "v",
        "values": [1.0, math.nan, -math.inf],
    }
    odd = [scalar(task, 0, math.nan), scalar(task, 1, math.inf), scalar(task, 0, math.nan, "n/n")]
    assert send(api, *odd, vector)["data"]["added"] == 4
    metrics = api.data("tasks.get_by_id", {"task": task.uid})["task"]["last_metrics"]
    shown = {
        variant["variant"]: [str(variant[stat]) for stat in ("value", "min_value", "max_value")]
        for variants in metrics.values()
        for variant in variants.values()
    }
    assert shown == {"train": ["inf", "inf", "inf"], "n": ["nan", "nan", "nan"]}
    events = api.data("events.get_task_events", {"task": task.uid})["events"]
    values = [event["values"] for event in events if "values" in event]
    assert [str(value) for value in values[0]] == ["1.0", "nan", "-inf"]


def test_one_event_can_be_added_without_a_batch(api, task) -> None:
    assert api.data("events.add", scalar(task, 0, 1.0))["added"] == 1
    assert api.refused("events.add", {"type": "log"}) == (400, 131)
