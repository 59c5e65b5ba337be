"""Any bytes and any JSON, sent to any endpoint: an answer in the envelope, no fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.errors import ExperimentError
from experiments.sdk import services
from experiments.sdk.body import parse_lines, parse_object
from experiments.sdk.registry import all_endpoints, schema_of
from experiments.sdk.schema import fields_of
from tests.factories import make_task
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db

services.load()
ENDPOINTS = {declared.name: declared for declared in all_endpoints()}
SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "",
            "name",
            "-name",
            "__$all",
            "__$not",
            "null",
            "hyperparams.Args.lr.value",
            "0" * 32,
            "last_metrics.a.b.value",
            ">=2024-01-01",
            "2024-01-01",
            "(?i",
            "[",
            "properties",
            "Args",
            "created",
            "in_progress",
            "end",
            "section",
            "all",
            "log",
            "plot",
        ]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(
                [
                    "value",
                    "section",
                    "name",
                    "type",
                    "fields",
                    "pattern",
                    "artifacts",
                    "input",
                    "key",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
OPEN = st.sampled_from(
    [
        "hyperparams.Args.lr.value",
        "last_metrics.a.b.value",
        "started",
        "status_changed",
        "x.y",
        "last_iteration",
        "unknown",
        "_any_",
        "metric",
        "value",
        "iter",
        "timestamp",
        "msg",
    ]
)


@SETTINGS
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for parse in (parse_object, parse_lines):
        try:
            parse(raw)
        except ExperimentError as refusal:
            assert refusal.code == 400


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('abc\\"{}é🧪', max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@SETTINGS
@given(
    value=st.dictionaries(st.text("xyz", max_size=2), PLAIN, max_size=3), ascii_only=st.booleans()
)
def test_what_is_read_is_what_was_written(value: dict[str, Any], ascii_only: bool) -> None:
    assert parse_object(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.fixture
def target(project: Any) -> dict[str, str]:
    task = make_task(project, parameters={"Args/lr": "0.1"}, configuration={})
    return {"task": task.uid, "project": project.uid}


@SETTINGS
@given(data=st.data())
def test_any_fields_are_answered(
    api: ProtocolClient, target: dict[str, str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(ENDPOINTS)))
    fields = sorted(fields_of(schema_of(ENDPOINTS[name])))
    known = (
        data.draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=4)) if fields else {}
    )
    body = {**data.draw(st.dictionaries(OPEN, VALUES, max_size=2)), **known}
    for field, value in {**target, "tasks": [target["task"]], "ids": [target["task"]]}.items():
        if field in fields and data.draw(st.integers(0, 4)):
            body[field] = value
    content_type = "application/json-lines" if ENDPOINTS[name].batch else "application/json"
    reply = api.send(f"/v2.23/{name}", json.dumps(body).encode(), content_type=content_type)
    assert reply["meta"]["result_code"] in {200, 400, 403}, (name, body, reply["meta"])
