"""The registry of endpoints: what is declared fits, is protected, is documented, and is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.sdk import registry, services
from experiments.sdk.registry import Endpoint, all_endpoints, mismatch
from experiments.sdk.schema import Nothing, Request
from experiments.sdk.table import with_table
from tests.people import ProtocolClient

services.load()
ENDPOINTS = {declared.name: declared for declared in all_endpoints()}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"

# What a script that logs its configuration, and one that reads it back, call.
TIER_1 = {
    "auth": "login",
    "projects": "get_all create get_by_id",
    "tasks": "create get_by_id get_all edit started completed failed stopped reset ping"
    " set_requirements get_hyper_params edit_hyper_params delete_hyper_params",
    "events": "add_batch get_task_log scalar_metrics_iter_histogram get_task_plots"
    " get_task_single_value_metrics",
}


def test_what_scripts_call_is_there() -> None:
    called = {
        f"{service}.{action}" for service, names in TIER_1.items() for action in names.split()
    }
    assert called - ENDPOINTS.keys() == set()


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_its_declaration_fits_its_function(name: str) -> None:
    assert mismatch(ENDPOINTS[name]) is None


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_it_says_what_it_does(name: str) -> None:
    assert ENDPOINTS[name].summary.endswith(".")


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_its_name_tells_whether_it_writes(name: str) -> None:
    reads = (
        "get_",
        "info",
        "endpoints",
        "login",
        "scalar_metrics",
        "multi_task",
        "plots",
        "debug_images",
        "vector",
        "clear_scroll",
        "peek_",
        "validate",
    )
    service, _, action = name.partition(".")
    reads_by_name = action.startswith(reads) and action != "get_next_task"  # it takes the task out
    assert ENDPOINTS[name].writes is not reads_by_name, service


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_nobody_calls_it_without_credentials(client: Any, name: str) -> None:
    meta = client.get(f"/{name}").json()["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == (401, 20)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(n for n, e in ENDPOINTS.items() if e.writes))
def test_a_read_only_key_cannot_write(alice: Any, name: str) -> None:
    assert ProtocolClient(alice, scope="read").refused(name) == (403, 21)


def test_the_documentation_is_current() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(document) == document, "run manage.py protocol_table --write"


class Fields(Request):
    task: str
    force: bool = False


def declared(run: Any, **options: Any) -> Endpoint:
    given: dict[str, Any] = {
        "name": "tasks.edit",
        "schema": Fields,
        "run": run,
        "since": (1, 0),
        "writes": False,
        "batch": False,
        "many_of": "",
        "summary": "",
        **options,
    }
    return Endpoint(**given)


def test_a_wrong_declaration_is_named() -> None:
    def edit(call: Any, *, task: str, force: bool) -> None: ...
    def less(call: Any, *, task: str) -> None: ...
    def loose(call: Any, task: str, force: bool) -> None: ...

    assert mismatch(declared(edit)) is None
    assert "differ in force" in str(mismatch(declared(less, name="tasks.less")))
    assert "keyword-only" in str(mismatch(declared(loose, name="tasks.loose")))
    assert "called edit" in str(mismatch(declared(edit, name="tasks.delete")))
    assert "lines, unreadable" in str(mismatch(declared(edit, batch=True)))
    assert "differ in force, task" in str(mismatch(declared(edit, schema=Nothing)))


def test_an_endpoint_that_is_not_there_is_not_found() -> None:
    with pytest.raises(registry.EndpointNotFound) as refusal:
        registry.find("reports.get_all_ex", (2, 4))
    assert str(refusal.value).endswith("for name reports.get_all_ex and version 2.4")
