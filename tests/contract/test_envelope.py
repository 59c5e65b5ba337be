"""Every answer of the protocol has the envelope:

    {"meta": {"id", "trx", "endpoint": {"name", "requested_version", "actual_version"},
              "result_code", "result_subcode", "result_msg", "error_stack", "error_data"},
     "data": {...}}

with the HTTP status in `result_code`. Without `meta`, or with a code above 500, the SDK goes
into an endless loop.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import django.test
import pytest
from django.http import HttpResponse

from experiments.errors import TooManyAttempts, ValueChangedMeanwhile
from experiments.sdk import registry
from experiments.sdk.schema import Nothing
from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db

CODES = {200, 400, 401, 403, 404, 413, 500}
SECRET = "what the exception says"


def assert_envelope(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == "application/json"
    assert response["Connection"] == "close"
    assert response["Cache-Control"] == "no-store"
    reply = json.loads(response.content)
    assert reply.keys() == {"meta", "data"}
    assert isinstance(reply["data"], dict)
    meta = reply["meta"]
    assert {name: type(value) for name, value in meta.items()} == {
        "id": str,
        "trx": str,
        "endpoint": dict,
        "result_code": int,
        "result_subcode": int,
        "result_msg": str,
        "error_stack": type(None),
        "error_data": dict,
    }
    assert {name: type(value) for name, value in meta["endpoint"].items()} == {
        "name": str,
        "requested_version": str,
        "actual_version": str,
    }
    assert meta["result_code"] == response.status_code
    assert meta["result_code"] in CODES
    assert meta["result_msg"]
    if meta["result_code"] != 200:
        assert reply["data"] == {}
    return meta


@pytest.fixture
def http() -> django.test.Client:
    return django.test.Client(raise_request_exception=False)


@pytest.fixture
def crash() -> Iterator[None]:
    """Endpoints that fail in ways of their own."""

    def declare(name: str, error: Exception) -> None:
        def run(call: Any) -> dict[str, Any]:
            raise error

        run.__name__ = name.partition(".")[2]
        registry.endpoint(name, Nothing)(run)

    declare("debug.crash", RuntimeError(SECRET))
    declare("debug.recursion", RecursionError(SECRET))
    declare("debug.busy", TooManyAttempts())
    declare("debug.conflict", ValueChangedMeanwhile("x", field="x", current="y"))
    yield
    for name in [name for name in registry._endpoints if name.startswith("debug.")]:
        del registry._endpoints[name]


def ask(
    http: django.test.Client,
    path: str,
    api: ProtocolClient | None = None,
    *,
    method: str = "GET",
    body: bytes = b"",
    **headers: str,
) -> HttpResponse:
    if api is not None:
        headers["Authorization"] = f"Bearer {api.token}"
    return http.generic(method, path, body, "application/json", headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("prefix", ["", "/v2.23", "/v2.0", "/v999.0", "/v2.14"])
def test_success_by_every_method_and_version(
    http: django.test.Client, api: ProtocolClient, method: str, prefix: str
) -> None:
    response = ask(http, f"{prefix}/server.info", api, method=method, body=b'{"method": "get"}')
    meta = assert_envelope(response)
    assert (meta["result_code"], meta["result_msg"]) == (200, "OK")
    assert meta["endpoint"] == {
        "name": "server.info",
        "requested_version": prefix[2:] or "2.31",
        "actual_version": "1.0",
    }


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v2.23/tasks.get_by_id", 400),
        ("/tasks.no_such_thing", 404),
        ("/v2.23/nothing.here", 404),
        ("/v2.8/tasks.get_hyper_params", 404),
        ("/v2.23/tasks/get_all", 404),
        ("/v2.23/", 404),
        ("/v2..3/tasks.get_all", 404),
        ("/async.result", 404),
    ],
)
def test_refusals(http: django.test.Client, api: ProtocolClient, path: str, code: int) -> None:
    assert assert_envelope(ask(http, path, api))["result_code"] == code


def test_an_unknown_endpoint_is_named(http: django.test.Client, api: ProtocolClient) -> None:
    meta = assert_envelope(ask(http, "/v2.5/reports.get_all_ex", api))
    assert (meta["result_code"], meta["result_subcode"]) == (404, 0)
    assert "reports.get_all_ex" in meta["result_msg"]
    assert "2.5" in meta["result_msg"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-ClearML-Client": "clearml-2.1.12"},
        {"X-Trains-Worker": "host"},
        {"X-ClearML-Agent": "api-3.0.3"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic x"},
        {"Accept": "application/json"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/no/such/page", "/api/v7", "/login/x/y/z"])
def test_a_script_that_missed_the_address_is_told_so(
    http: django.test.Client, path: str, headers: dict[str, str]
) -> None:
    response = http.get(path, headers=headers)
    if response.status_code == 302:
        assert response["Location"].startswith("/login/")
    else:
        assert assert_envelope(response)["result_code"] == 404


def test_a_person_gets_a_page(http: django.test.Client) -> None:
    response = http.get("/no/such/page", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_without_credentials(http: django.test.Client) -> None:
    meta = assert_envelope(ask(http, "/v2.23/tasks.get_all", body=b"{not read"))
    assert (meta["result_code"], meta["result_subcode"]) == (401, 20)


def test_a_foreign_host(http: django.test.Client, api: ProtocolClient) -> None:
    response = ask(http, "/v2.23/server.info", api, Host="evil.example")
    meta = assert_envelope(response)
    assert meta["result_code"] == 400
    assert "host name" in meta["result_msg"]


def test_a_form_of_another_site(api: ProtocolClient) -> None:
    strict = django.test.Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = ask(strict, "/v2.23/server.info", api, method="POST", Origin="https://evil.example")
    assert assert_envelope(response)["result_code"] == 200
    response = ask(strict, "/login/", None, method="POST", Accept="application/json")
    assert assert_envelope(response)["result_code"] == 403


def test_too_large(http: django.test.Client, api: ProtocolClient, settings: Any) -> None:
    settings.MAX_BODY = 100
    response = ask(http, "/v2.23/server.info", api, body=b'{"a": "' + b"x" * 100 + b'"}')
    assert assert_envelope(response)["result_code"] == 413


@pytest.mark.parametrize("name", ["debug.crash", "debug.recursion"])
def test_a_crash_is_logged_and_says_nothing(
    http: django.test.Client,
    api: ProtocolClient,
    crash: None,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        response = ask(http, f"/v2.23/{name}", api)
    meta = assert_envelope(response)
    assert (meta["result_code"], meta["result_msg"]) == (500, "Internal error")
    assert SECRET not in response.content.decode()
    assert meta["trx"] == response["X-Request-Id"]
    assert meta["trx"] in caplog.text
    assert SECRET in caplog.text


@pytest.mark.parametrize("name", ["debug.busy", "debug.conflict"])
def test_codes_that_make_the_sdk_repeat_are_not_sent(
    http: django.test.Client, api: ProtocolClient, crash: None, name: str
) -> None:
    assert assert_envelope(ask(http, f"/v2.23/{name}", api))["result_code"] == 400


def test_the_newest_form_that_is_not_too_new_answers(
    http: django.test.Client, api: ProtocolClient, crash: None
) -> None:
    for since in ("2.0", "2.10", "2.9"):

        @registry.endpoint("debug.form", Nothing, since=since)
        def form(call: Any, since: str = since) -> dict[str, Any]:
            return {"since": since}

    answers = {
        asked: json.loads(ask(http, f"/v{asked}/debug.form", api).content)
        for asked in ("1.5", "2.0", "2.8", "2.9", "2.10", "3", "999.0")
    }
    assert {asked: reply["data"].get("since") for asked, reply in answers.items()} == {
        "1.5": None,
        "2.0": "2.0",
        "2.8": "2.0",
        "2.9": "2.9",
        "2.10": "2.10",
        "3": "2.10",
        "999.0": "2.10",
    }
    assert answers["1.5"]["meta"]["result_code"] == 404
    assert answers["3"]["meta"]["endpoint"]["actual_version"] == "2.10"
