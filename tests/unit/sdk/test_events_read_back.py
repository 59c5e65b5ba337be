"""What the SDK's `Task.get_reported_*` and its optimiser ask for."""

from __future__ import annotations

import math

import pytest

from tests.factories import make_task
from tests.reporting import START, image, line, plot, report, scalar

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(project):
    return make_task(project, name="first task")


def test_curves_come_by_metric_and_variant(api, task) -> None:
    names = ["loss/train", "loss/test"]
    report(*(scalar(task, i, i / 2, name) for i in range(3) for name in names), tasks=[task])
    report(scalar(task, -(2**31), 9.0, "Summary/best"), tasks=[task])
    data = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid, "key": "iter"})
    curve = {"x": [0, 1, 2], "y": [0.0, 0.5, 1.0]}
    assert data == {"loss": {v: {"name": v, **curve} for v in ("test", "train")}}


@pytest.mark.parametrize(
    ("key", "x"),
    [
        ("timestamp", [START, START + 1000]),
        ("iso_time", ["2023-11-14T22:13:20.000Z", "2023-11-14T22:13:21.000Z"]),
    ],
)
def test_curves_have_other_axes(api, task, key, x) -> None:
    report(scalar(task, 0, 1.0), scalar(task, 1, 2.0), tasks=[task])
    data = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid, "key": key})
    assert data["loss"]["train"]["x"] == x


def test_curves_are_thinned_without_losing_a_peak(api, task) -> None:
    values = [0.0] * 700
    values[333] = 50.0
    report(*(scalar(task, i, value) for i, value in enumerate(values)), tasks=[task])
    data = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid, "samples": 20})
    curve = data["loss"]["train"]
    assert len(curve["x"]) <= 20
    assert max(curve["y"]) == 50.0
    assert (curve["x"][0], curve["x"][-1]) == (0, 699)


def test_curves_can_be_chosen(api, task) -> None:
    report(*(scalar(task, 0, 1.0, name) for name in ("a/x", "a/y", "b/x")), tasks=[task])
    wanted = [{"metric": "a", "variants": ["y"]}, {"metric": "b"}]
    data = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid, "metrics": wanted})
    assert {metric: list(curves) for metric, curves in data.items()} == {"a": ["y"], "b": ["x"]}


def test_nan_and_infinities_are_answered_as_they_were_sent(api, task) -> None:
    values = [math.nan, math.inf, -math.inf]
    report(*(scalar(task, i, value) for i, value in enumerate(values)), tasks=[task])
    curves = api.data("events.scalar_metrics_iter_histogram", {"task": task.uid})
    assert [str(value) for value in curves["loss"]["train"]["y"]] == ["nan", "inf", "-inf"]
    events = api.data("events.get_task_events", {"task": task.uid})["events"]
    assert [str(event["value"]) for event in events] == ["nan", "inf", "-inf"]


def test_the_curves_of_several_tasks_carry_their_names(api, project, task) -> None:
    other = make_task(project, name="other task")
    report(scalar(task, 0, 1.0), scalar(other, 0, 2.0), tasks=[task, other])
    data = api.data(
        "events.multi_task_scalar_metrics_iter_histogram", {"tasks": [task.uid, other.uid]}
    )
    assert data["loss"]["train"] == {
        task.uid: {"name": "first task", "x": [0], "y": [1.0]},
        other.uid: {"name": "other task", "x": [0], "y": [2.0]},
    }


def test_single_values_are_read_back(api, task) -> None:
    report(scalar(task, -(2**31), 0.5, "Summary/f1"), scalar(task, 0, 1.0), tasks=[task])
    (found,) = api.data("events.get_task_single_value_metrics", {"tasks": [task.uid]})["tasks"]
    assert (found["task"], found["task_name"]) == (task.uid, "first task")
    assert found["values"] == [
        {"metric": "Summary", "variant": "f1", "value": 0.5, "timestamp": START}
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"order": "asc", "navigate_earlier": True, "batch_size": 2}, "34"),
        ({"batch_size": 2}, "43"),
        ({}, "43210"),
        ({"navigate_earlier": False, "batch_size": 2}, "01"),
        ({"navigate_earlier": False, "batch_size": 2, "order": "desc"}, "10"),
        ({"from_timestamp": START + 2}, "10"),
        ({"from_timestamp": START + 2, "navigate_earlier": False}, "34"),
        ({"from_timestamp": START + 99}, "43210"),
    ],
)
def test_the_console_is_walked_as_asked(api, task, asked, expected) -> None:
    report(*(line(task, str(i), i) for i in range(5)), tasks=[task])
    data = api.data("events.get_task_log", {"task": task.uid, **asked})
    assert "".join(event["msg"] for event in data["events"]) == expected
    assert (data["returned"], data["total"]) == (len(expected), 5)


@pytest.mark.parametrize("moment", ["inf", "nan", 1e300, "soon"])
def test_a_moment_that_is_none_is_named(api, task, moment) -> None:
    meta = api.call("events.get_task_log", {"task": task.uid, "from_timestamp": moment})["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == (400, 12)
    assert "from_timestamp" in meta["result_msg"]


def test_a_console_line_has_every_field_it_was_sent_with(api, task) -> None:
    sent = line(task, "naïve\n\x1b[31mred 🙂", 5, level="WARNING", pid=4)
    report(sent, tasks=[task])
    (event,) = api.data("events.get_task_log", {"task": task.uid})["events"]
    del sent["method"]
    assert event == sent


def test_all_scalars_can_be_scrolled_as_the_sdk_does(api, task) -> None:
    names = ("a/x", "b/y")
    report(*(scalar(task, i, i, name) for i in range(7) for name in names), tasks=[task])
    found: dict[str, list[int]] = {}
    scroll, returned = None, 0
    while True:
        data = api.data(
            "events.get_task_events",
            {
                "task": task.uid,
                "event_type": "training_stats_scalar",
                "scroll_id": scroll,
                "batch_size": 4,
            },
        )
        for event in data["events"]:
            found.setdefault(f"{event['metric']}/{event['variant']}", []).append(event["iter"])
        returned += data["returned"]
        scroll = data["scroll_id"]
        if data["returned"] < 4:
            break
    assert found == {name: list(range(7)) for name in names}
    assert returned == data["total"] == 14


def test_events_can_come_newest_first(api, task) -> None:
    report(*(scalar(task, i, i) for i in range(3)), tasks=[task])
    data = api.data("events.get_task_events", {"task": task.uid, "order": "desc"})
    assert [event["iter"] for event in data["events"]] == [2, 1, 0]


@pytest.mark.parametrize("field", ["scroll_id", "event_type", "order"])
def test_what_cannot_be_understood_is_named(api, task, field) -> None:
    reply = api.call("events.get_task_events", {"task": task.uid, field: "nonsense"})
    assert reply["meta"]["result_code"] == 400
    assert field in reply["meta"]["result_msg"]


def test_plots_come_back_to_the_letter(api, task) -> None:
    text = '{"data": [NaN, "\\u2028"], "layout": {}}'
    report(plot(task, 1, "old"), plot(task, 2, text, skip_validation=True), tasks=[task])
    data = api.data("events.get_task_plots", {"task": task.uid, "iters": 1, "no_scroll": True})
    (shown,) = data["plots"]
    assert (shown["plot_str"], shown["iter"], shown["skip_validation"]) == (text, 2, True)
    assert (shown["metric"], shown["variant"], shown["timestamp"]) == ("roc", "a", START + 2)
    both = api.data("events.get_task_plots", {"task": task.uid, "iters": 5})
    assert (both["returned"], both["scroll_id"]) == (2, None)


def test_plots_of_several_tasks_are_grouped(api, project, task) -> None:
    other = make_task(project)
    report(plot(task, 3), plot(other, 4), tasks=[task, other])
    data = api.data("events.get_multi_task_plots", {"tasks": [task.uid, other.uid]})
    of_variant = data["plots"]["roc"]["a"]
    assert of_variant[task.uid]["3"]["name"] == "first task"
    assert of_variant[other.uid]["4"]["plots"][0]["iter"] == 4
    assert data["total"] == 2


def test_debug_images_are_scrolled_as_the_sdk_does(api, task) -> None:
    report(*(image(task, i) for i in range(5)), tasks=[task])
    asked = {"metrics": [{"task": task.uid, "metric": "debug", "variants": ["a"]}], "iters": 2}
    urls, scroll = [], None
    while True:
        data = api.data("events.debug_images", {**asked, "scroll_id": scroll})
        scroll = data["scroll_id"]
        (of_task,) = data["metrics"]
        if not of_task["iterations"]:
            break
        urls += [e["url"] for part in of_task["iterations"] for e in part["events"]]
    assert urls == [f"https://files/debug/a/{i}.png" for i in (4, 3, 2, 1, 0)]
    again = api.data("events.debug_images", {**asked, "scroll_id": scroll, "refresh": True})
    assert again["metrics"][0]["iterations"][0]["iter"] == 4
    assert api.refused("events.debug_images", {**asked, "scroll_id": "x:y"}) == (400, 12)


def test_vectors_are_read_back_with_every_number(api, task) -> None:
    vector = {
        "type": "training_stats_vector",
        "task": task.uid,
        "metric": "h",
        "variant": "v",
        "iter": 2,
        "values": [1, 2.5, math.nan, math.inf],
        "timestamp": START,
    }
    report(vector, tasks=[task])
    data = api.data(
        "events.vector_metrics_iter_histogram",
        {"task": task.uid, "metric": "h", "variant": "v"},
    )
    assert data["iterations"] == [2]
    assert [str(value) for value in data["vectors"][0]] == ["1.0", "2.5", "nan", "inf"]
    names = api.data("events.get_vector_metrics_and_variants", {"task": task.uid})
    assert names["metrics"] == [{"metric": "h", "variants": ["v"]}]


def test_names_are_listed(api, task) -> None:
    report(scalar(task, 0, 1.0), plot(task), tasks=[task])
    by_type = api.data("events.get_task_metrics", {"tasks": [task.uid], "event_type": "plot"})
    assert by_type["metrics"] == [{"task": task.uid, "metrics": ["roc"]}]
    names = api.data("events.get_scalar_metrics_and_variants", {"task": task.uid})
    assert names["metrics"] == {"loss": ["train"]}


def test_points_and_last_values_of_a_metric_are_read(api, task) -> None:
    report(scalar(task, 0, 1.0), scalar(task, 1, 2.0), tasks=[task])
    data = api.data("events.get_scalar_metric_data", {"task": task.uid, "metric": "loss"})
    assert [(event["iter"], event["value"]) for event in data["events"]] == [(0, 1.0), (1, 2.0)]
    latest = api.data("events.get_task_latest_scalar_values", {"task": task.uid})
    assert latest == {
        "metrics": [{"name": "loss", "variants": [{"name": "train", "last_value": 2.0}]}],
        "last_iter": 1,
    }


ONE = [
    "scalar_metrics_iter_histogram",
    "get_task_log",
    "get_task_events",
    "get_task_plots",
    "get_scalar_metrics_and_variants",
    "get_task_latest_scalar_values",
]
MANY = [
    "multi_task_scalar_metrics_iter_histogram",
    "get_task_single_value_metrics",
    "get_multi_task_plots",
    "get_task_metrics",
]


@pytest.mark.parametrize("action", ONE)
def test_what_one_may_not_see_is_not_there(charlie_api, bob_api, task, action) -> None:
    assert charlie_api.refused(f"events.{action}", {"task": task.uid}) == (400, 101)
    assert bob_api.call(f"events.{action}", {"task": task.uid})["meta"]["result_code"] == 200
    assert bob_api.refused(f"events.{action}", {}) == (400, 11)


@pytest.mark.parametrize("action", MANY)
def test_what_one_may_not_see_is_not_among_many(charlie_api, bob_api, task, action) -> None:
    assert charlie_api.refused(f"events.{action}", {"tasks": [task.uid]}) == (400, 101)
    assert bob_api.call(f"events.{action}", {"tasks": [task.uid]})["meta"]["result_code"] == 200
