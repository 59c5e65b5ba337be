"""Request schemas: what is lenient, what is refused and what is counted."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import pytest

from experiments.errors import InvalidBody, InvalidField, MissingField
from experiments.sdk import schema
from experiments.sdk.body import MAX_LINES, parse_lines
from experiments.sdk.schema import Count, Integer, Request, read_request


class Form(Request):
    task: str
    force: bool = False
    size: Count | None = None
    number: Integer = 0
    tags: list[str] | None = None


class Open(Form, kw_only=True):
    keep_unknown: ClassVar[bool] = True


class Whole(Form, kw_only=True):
    arrives_whole: ClassVar[bool] = True


def read(**fields: Any) -> dict[str, Any]:
    return read_request(Form, {"task": "t", **fields}, "debug.form")


@pytest.mark.parametrize(
    ("field", "sent", "read_as"),
    [
        ("force", 1, True),
        ("force", 0, False),
        ("force", "true", True),
        ("force", "False", False),
        ("force", "1", True),
        ("force", None, False),
        ("size", "5", 5),
        ("size", 5.0, 5),
        ("size", None, None),
        ("number", -(2**63), -(2**63)),
        ("tags", "one", ["one"]),
        ("tags", [], []),
    ],
)
def test_it_is_lenient_where_that_is_harmless(field: str, sent: Any, read_as: Any) -> None:
    assert read(**{field: sent})[field] == read_as


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("force", "yes"),
        ("force", 2),
        ("size", -1),
        ("size", 2**31),
        ("size", 1.5),
        ("size", True),
        ("number", 2**63),
        ("number", float("inf")),
        ("tags", {}),
        ("tags", [None]),
        ("tags", 5),
    ],
)
def test_it_refuses_and_names_the_field(field: str, sent: Any) -> None:
    with pytest.raises(InvalidField) as refusal:
        read(**{field: sent})
    assert str(refusal.value.field).startswith(field)


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(InvalidField) as refusal:
        read(force="my secret")
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("body", [{}, {"task": None}])
def test_a_required_field_must_be_there(body: dict[str, Any]) -> None:
    with pytest.raises(MissingField) as refusal:
        read_request(Form, body, "debug.form")
    assert refusal.value.field == "task"


def test_open_keys_arrive_as_extra() -> None:
    arguments = read_request(Open, {"task": "t", "a.b": None, "method": "get"}, "debug.form")
    assert arguments["extra"] == {"a.b": None}


def test_a_schema_may_arrive_whole() -> None:
    assert read_request(Whole, {"task": "t"}, "debug.form") == {"request": Whole(task="t")}


def test_unknown_fields_are_counted_and_logged_ever_less(
    caplog: pytest.LogCaptureFixture,
) -> None:
    schema.unknown_fields.clear()
    with caplog.at_level(logging.INFO, "tuneboard.sdk"):
        for _ in range(25):
            read(colour="blue", method="get")
    assert schema.unknown_fields == {("debug.form", "colour"): 25}
    assert [record.args[2] for record in caplog.records] == [1, 10]


def test_the_count_of_unknown_fields_is_bounded() -> None:
    schema.unknown_fields.clear()
    for number in range(3000):
        read(**{f"field{number}": 1})
    assert len(schema.unknown_fields) <= 1000


def test_a_batch_has_a_limit_of_lines() -> None:
    assert parse_lines(b"{}\n" * 10) == ([{}] * 10, [])
    with pytest.raises(InvalidBody, match="200,000"):
        parse_lines(b"\n" * (MAX_LINES + 1))
