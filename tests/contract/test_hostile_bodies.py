"""What a hostile or broken client may send, and the one answer it gets on every database."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db

UNREADABLE, INVALID, MISSING = (400, 16), (400, 12), (400, 11)


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def body(**fields: Any) -> bytes:
    return json.dumps({"name": "hostile", "type": "training", "project": "P", **fields}).encode()


def raw(fields: str) -> bytes:
    return f'{{"name": "hostile", "type": "training", "project": "P", {fields}}}'.encode()


def parameter(value: str) -> bytes:
    return raw(f'"hyperparams": {{"Args": {{"x": {{"value": {value}}}}}}}')


# What is sent to tasks.create, code and subcode of the answer, and the field it names.
REFUSED: dict[str, tuple[bytes, tuple[int, int], str | None]] = {
    "no JSON": (b"{", UNREADABLE, None),
    "a torn request": (b"GET /v2.23/tasks.create HTTP/1.1\r\nHost: x\r\n\r\n", UNREADABLE, None),
    "two objects": (b"{}{}", UNREADABLE, None),
    "empty where fields are needed": (b"", MISSING, "name"),
    "blanks only": (b" \n ", MISSING, "name"),
    "a list": (b"[]", UNREADABLE, None),
    "a text": (b'"x"', UNREADABLE, None),
    "null": (b"null", UNREADABLE, None),
    "bad UTF-8": (b'{"name": "\xff"}', UNREADABLE, None),
    "a surrogate in UTF-8": (b'{"name": "\xed\xa0\x80"}', UNREADABLE, None),
    "a byte order mark": (b"\xef\xbb\xbf{}", UNREADABLE, None),
    "UTF-16": (json.dumps({"name": "x"}).encode("utf-16"), UNREADABLE, None),
    "UTF-16 without mark": (json.dumps({"name": "x"}).encode("utf-16-le"), UNREADABLE, None),
    "UTF-32": (json.dumps({"name": "x"}).encode("utf-32"), UNREADABLE, None),
    "a raw control character": (b'{"name": "a\x01"}', UNREADABLE, None),
    "a key twice": (b'{"name": "a", "name": "b"}', UNREADABLE, "name"),
    "a key twice, spelt differently": (b'{"name": "a", "n\\u0061me": "b"}', UNREADABLE, "name"),
    "a key twice, deep inside": (raw('"runtime": {"a": {"b": 1, "b": 1}}'), UNREADABLE, "b"),
    "a long key": (body(runtime={"k" * 1025: 1}), UNREADABLE, None),
    "101 levels": (nested(101), UNREADABLE, None),
    "1,000 levels": (nested(1000), UNREADABLE, None),
    "100,000 levels": (nested(100_000), UNREADABLE, None),
    "100,000 lists": (b'{"a":' + b"[" * 100_000, UNREADABLE, None),
    "NUL in a value": (body(name="a\x00b"), INVALID, "name"),
    "NUL in a parameter": (parameter('"\\u0000"'), INVALID, "hyperparams.Args.x.value"),
    "NUL in a key": (body(runtime={"a\x00": 1}), INVALID, "runtime.a\\x00"),
    "half a surrogate pair": (raw('"comment": "\\ud800"'), INVALID, "comment"),
    "the other half": (raw('"comment": "\\uDFFF!"'), INVALID, "comment"),
    "half a pair in a key": (raw('"runtime": {"\\ud83d": 1}'), INVALID, "runtime.\\ud83d"),
    "NaN": (raw('"runtime": {"a": NaN}'), INVALID, "runtime.a"),
    "infinity": (raw('"runtime": {"a": [-Infinity]}'), INVALID, "runtime.a.0"),
}

INTEGERS = ["1e999", "-1e999", "12345678901234567890", "1" + "0" * 5000, "1.5", "NaN", '"x"', "[]"]


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(api: ProtocolClient, project: Any, case: str) -> None:
    sent, expected, field = REFUSED[case]
    reply = api.send("/v2.23/tasks.create", sent.replace(b'"P"', f'"{project.uid}"'.encode()))
    meta = reply["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == expected
    assert meta["error_data"].get("field") == field
    assert api.status == 400
    assert api.data("tasks.get_all")["tasks"] == []


@pytest.mark.parametrize("number", INTEGERS)
def test_no_integer(api: ProtocolClient, number: str) -> None:
    reply = api.send("/v2.23/tasks.get_all", f'{{"page": {number}}}'.encode())
    assert (reply["meta"]["result_code"], reply["meta"]["error_data"]) == (400, {"field": "page"})


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-lines",
    ],
)
def test_another_content_type_is_refused(api: ProtocolClient, content_type: str) -> None:
    reply = api.send("/v2.23/tasks.get_all", b"{}", content_type=content_type)
    assert reply["meta"]["result_subcode"] == 16


@pytest.mark.parametrize(
    "headers", [{"Content-Encoding": "gzip"}, {"Transfer-Encoding": "chunked"}]
)
def test_another_encoding_is_refused(api: ProtocolClient, headers: dict[str, str]) -> None:
    reply = api.send("/v2.23/tasks.get_all", b"{}", **headers)
    assert reply["meta"]["result_subcode"] == 16


@pytest.mark.parametrize(
    "query", ["id=%00", "id=a&id=%00", "page=x", "page=1&page=2", "&".join(["a=b"] * 20_001)]
)
def test_the_query_string_is_checked_too(api: ProtocolClient, query: str) -> None:
    assert api.send(f"/v2.23/tasks.get_all?{query}")["meta"]["result_code"] == 400


# What must be kept exactly as it came, as the value of a parameter and as its name.
KEPT = {
    "__proto__": "__proto__",
    "emoji": "🧪👩‍🔬",
    "right to left": "אבג\u202e",
    "dots": "a.b..c",
    "dollars": "$a$",
    "slashes": "a/b//c",
    "hash": "#",
    "percent": "%2E%%",
    "blanks": "a  b",
    "quotes": "'\"`\\",
    "markup": "<script>alert(1)</script>",
    "a null": "null",
    "sql": "'; DROP TABLE x; --",
    "control": "a\x01\x1f\x7fb",
    "high": "\U0010ffff",
}


@pytest.mark.parametrize("case", KEPT)
def test_it_is_kept_exactly(api: ProtocolClient, project: Any, case: str) -> None:
    text = KEPT[case]
    fields = {
        "name": "hostile",
        "type": "training",
        "project": project.uid,
        "comment": text,
        "hyperparams": {"Args": {text: {"value": text}}},
        "runtime": {text: text},
    }
    task = api.data("tasks.create", fields)["id"]
    found = api.data("tasks.get_by_id", {"task": task})["task"]
    assert found["hyperparams"]["Args"][text]["value"] == text
    assert (found["comment"], found["runtime"]) == (text, {text: text})
    query = {
        f"hyperparams.Args.{text}.value".replace("a.b..c", "a%2Eb%2E%2Ec").replace(
            "%2E%%", "%252E%%%%"
        ): [text]
    }
    if case != "percent":
        assert len(api.data("tasks.get_all", query)["tasks"]) == 1


@pytest.mark.parametrize("value", ["1" * 5000, "0.1" + "0" * 5000, "v" * 10_000])
def test_long_values_are_kept(api: ProtocolClient, project: Any, value: str) -> None:
    sent = parameter(value if value[0] != "v" else f'"{value}"')
    reply = api.send("/tasks.create", sent.replace(b'"P"', f'"{project.uid}"'.encode()))
    task = api.data("tasks.get_by_id", {"task": reply["data"]["id"]})["task"]
    stored = task["hyperparams"]["Args"]["x"]["value"]
    assert stored == value


def test_a_hundred_levels_are_fine(api: ProtocolClient) -> None:
    assert api.send("/v2.23/server.info", nested(100))["meta"]["result_code"] == 200


def test_a_large_object_is_kept_and_a_larger_one_leaves_nothing(
    api: ProtocolClient, project: Any, settings: Any
) -> None:
    fields = {"name": "hostile", "type": "training", "project": project.uid}
    large = "é" + "x" * 10_000_000
    task = api.data("tasks.create", {**fields, "configuration": {"c": {"value": large}}})["id"]
    found = api.data("tasks.get_by_id", {"task": task})["task"]
    assert found["configuration"]["c"]["value"] == large
    settings.MAX_BODY = 1_000_000
    refusal = api.call("tasks.create", {**fields, "comment": "x" * 1_000_000})
    assert (refusal["meta"]["result_code"], api.status) == (413, 413)
    assert len(api.data("tasks.get_all", {"only_fields": ["id"]})["tasks"]) == 1


def test_one_bad_line_of_a_batch_is_that_lines_error(api: ProtocolClient, project: Any) -> None:
    task = api.data(
        "tasks.create",
        {
            "name": "hostile",
            "type": "training",
            "project": project.uid,
        },
    )["id"]
    good = json.dumps({"type": "log", "task": task, "msg": "hi", "timestamp": 1}).encode()
    lines = [good, b"{", b'{"a": 1, "a": 2}', b'{"msg": "\\u0000"}', b"[]", b"\xff", b"", good]
    reply = api.send(
        "/v2.23/events.add_batch", b"\n".join(lines), content_type="application/json-lines"
    )
    assert (reply["data"]["added"], reply["data"]["errors"]) == (2, 5)
