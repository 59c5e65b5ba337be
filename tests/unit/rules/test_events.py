from __future__ import annotations

import math
from typing import Any

import pytest

from experiments.errors import InvalidField
from experiments.rules.events import Kind, Report, Scalar, read_event
from experiments.rules.logs import Line

TASK = "0123456789abcdef" * 2
NOW = 1_700_000_000_000_000
SCALAR = {
    "type": "training_stats_scalar",
    "task": TASK,
    "metric": "loss",
    "variant": "train",
    "iter": 3,
    "value": 0.5,
    "timestamp": 1_600_000_000_000,
    "method": "get",
}
LOG = {"type": "log", "task": TASK, "msg": "hello", "level": "INFO", "worker": "host:0"}
PLOT = {"type": "plot", "task": TASK, "metric": "roc", "variant": "a", "plot_str": "{}"}
VECTOR = {"type": "training_stats_vector", "task": TASK, "metric": "v", "values": [1, 2.5]}
IMAGE = {"type": "training_debug_image", "task": TASK, "metric": "i", "url": "s3://b/k", "key": "k"}


def content(event: dict[str, Any], **changes: Any) -> Any:
    return read_event({**event, **changes}, NOW).content


def test_a_scalar_is_read() -> None:
    event = read_event(SCALAR, NOW)
    assert (event.task, event.allow_locked) == (TASK, False)
    assert event.content == Scalar(("loss", "train"), (3, 1_600_000_000_000_000, 0.5))


def test_a_line_keeps_every_field_it_was_sent_with() -> None:
    line = content(LOG, pid=7, tags=["a", None], timestamp=1.5)
    assert line == Line(1500, "INFO", "host:0", "hello", {"pid": 7, "tags": ["a", None]})


def test_a_report_keeps_what_is_special_to_it() -> None:
    assert content(PLOT, skip_validation=True) == Report(
        Kind.PLOT, ("roc", "a"), 0, NOW, {"skip_validation": True}, "{}"
    )
    assert content(IMAGE).document == {"url": "s3://b/k", "key": "k"}
    assert content(VECTOR, values=[1, math.nan, -math.inf]).document == {
        "values": [1, "nan", "-inf"]
    }


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, 3, 10**30])
def test_any_number_can_be_a_value(value: float) -> None:
    stored = content(SCALAR, value=value).point[2]
    assert stored == float(value) or (math.isnan(stored) and math.isnan(value))


def test_what_is_not_given_has_a_default() -> None:
    for field in ("metric", "variant", "iter", "timestamp"):
        assert content({**SCALAR, field: None}) == content(
            {name: value for name, value in SCALAR.items() if name != field}
        )
    scalar = content(SCALAR, metric=None, variant=None, iter=None, timestamp=None)
    assert scalar == Scalar(("", ""), (0, NOW, 0.5))


def test_a_name_is_kept_to_the_letter() -> None:
    decomposed = " cafe\u0301 "
    assert content(SCALAR, metric=decomposed).name[0] == decomposed


def test_a_whole_float_is_an_iteration() -> None:
    assert content(SCALAR, iter=4.0).point[0] == 4


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({**SCALAR, "type": "other"}, "type"),
        ({**SCALAR, "type": ["log"]}, "type"),
        ({**SCALAR, "task": None}, "task"),
        ({**SCALAR, "task": 5}, "task"),
        ({**SCALAR, "model_event": True}, "model_event"),
        ({**SCALAR, "value": None}, "value"),
        ({**SCALAR, "value": "1"}, "value"),
        ({**SCALAR, "value": 10**400}, "value"),
        ({**SCALAR, "iter": 2**63}, "iter"),
        ({**SCALAR, "iter": 1.5}, "iter"),
        ({**SCALAR, "iter": math.inf}, "iter"),
        ({**SCALAR, "iter": True}, "iter"),
        ({**SCALAR, "timestamp": "now"}, "timestamp"),
        ({**SCALAR, "timestamp": math.nan}, "timestamp"),
        ({**SCALAR, "timestamp": -1}, "timestamp"),
        ({**SCALAR, "timestamp": 10**18}, "timestamp"),
        ({**SCALAR, "metric": 1}, "metric"),
        ({**SCALAR, "metric": "m" * 1025}, "metric"),
        ({**SCALAR, "metric": "é" * 600, "variant": "é" * 600}, "metric"),
        ({**SCALAR, "variant": "a\x00"}, "variant"),
        ({**SCALAR, "variant": "\ud800"}, "variant"),
        ({**LOG, "msg": None}, "msg"),
        ({**LOG, "msg": "a\x00b"}, "msg"),
        ({**LOG, "level": 20}, "level"),
        ({**LOG, "worker": "\udfff"}, "worker"),
        ({**LOG, "more": {"deep": ["\x00"]}}, "more"),
        ({**LOG, "more": 2**64}, "more"),
        ({**PLOT, "plot_str": {}}, "plot_str"),
        ({**VECTOR, "values": "1,2"}, "values"),
        ({**VECTOR, "values": [1, None]}, "values"),
        ({**IMAGE, "url": 1}, "url"),
    ],
)
def test_a_fault_names_the_field(event: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read_event(event, NOW)
    assert refused.value.field == field
    assert field in refused.value.detail


@pytest.mark.parametrize("event", [None, [], "log", 5])
def test_what_is_no_object_is_refused(event: object) -> None:
    with pytest.raises(InvalidField):
        read_event(event, NOW)
