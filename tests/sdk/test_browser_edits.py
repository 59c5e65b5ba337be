"""What a person edits in the browser outlives what the SDK writes, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sdk.between import Relay, relaying
from tests.sdk.person import Person
from tests.sdk.runs import Run, Runs, Script

DRAFT = Script("edited_meanwhile.py")
RUNNING = Script("running_edited.py")


def run_with_an_edit_in_between(
    runs: Runs, script: Script, home: Path, mark: bytes, edit: Callable[[str], None]
) -> Run:
    """Edits after the SDK has read the experiment, before it writes it back with `mark` in it."""
    seen: list[str] = []

    def wanted(path: str, body: bytes) -> bool:
        found = path.endswith("/tasks.edit") and mark in body
        if found:
            seen.append(json.loads(body)["task"])
        return found

    relay = Relay(runs.server.url, wanted, lambda: edit(seen[0]))
    with relaying(relay) as address:
        run = runs.run(script, home, CLEARML_API_HOST=address)
    assert relay.acted
    return run


def test_a_draft_edited_between_read_and_write(runs: Runs, person: Person, tmp_path: Path) -> None:
    def edit(task: str) -> None:
        person.edit(task, "Args/lr", "0.5")
        person.add(task, "Args", "by hand", "new")
        person.edit(task, "properties/owner", "bob")
        person.add(task, "properties", "verdict", "good")

    run = run_with_an_edit_in_between(runs, DRAFT, tmp_path, b'"late"', edit)
    expected = {
        "Args/lr": "0.5",
        "Args/steps": "10",
        "Args/late": "2",
        "Args/by hand": "new",
        "properties/owner": "bob",
        "properties/stage": "draft",
        "properties/verdict": "good",
    }
    assert run.read("get_parameters") == expected
    assert {key: row.value for key, row in run.page.parameters.items()} == expected
    assert run.page.parameters["Args/lr"].type == "float"


def test_properties_of_a_running_experiment_edited_between_read_and_write(
    runs: Runs, person: Person, tmp_path: Path
) -> None:
    def edit(task: str) -> None:
        assert runs.reader.ask(task, "get_status") == "in_progress"
        person.edit(task, "properties/owner", "bob")
        person.add(task, "properties", "verdict", "good")

    run = run_with_an_edit_in_between(runs, RUNNING, tmp_path, b'"late"', edit)
    expected = {"owner": "bob", "stage": "training", "verdict": "good"}
    assert run.read("get_user_properties", value_only=True) == expected
    assert {name: row.value for name, row in run.page.section("properties").items()} == expected
    assert run.read("get_parameters_as_dict")["Late"] == {"late": "1", "later": "2"}
    assert run.page.section("General") == {"lr": ("0.1", "float", "")}


@pytest.mark.script(RUNNING)
def test_edits_by_turns(run: Run, person: Person) -> None:
    """The SDK, a person, the SDK, a person: everybody sees what the other did last."""
    run.read("reset", force=True)
    run.read("set_parameters_as_dict", {"Turns": {"a": 1, "b": 1}})
    person.edit(run.task, "Turns/a", "2")
    assert run.read("get_parameter", "Turns/a", cast=True) == 2
    run.read("set_parameter", "Turns/b", 3)
    assert run.page.section("Turns") == {"a": ("2", "int", ""), "b": ("3", "int", "")}
    person.edit(run.task, "Turns/b", "4")
    assert run.read("get_parameters_as_dict")["Turns"] == {"a": "2", "b": "4"}


@pytest.mark.script(RUNNING)
def test_what_the_sdk_wrote_since_is_not_overwritten_unseen(run: Run, person: Person) -> None:
    run.read("set_user_properties", verdict="good")
    form = person.open(run.task, "properties/verdict")
    run.read("set_user_properties", verdict="bad")
    answer = form.save("mine")
    assert answer.status_code == 409
    assert "bad" in answer.text
    assert "mine" in answer.text
    assert run.read("get_user_properties", value_only=True)["verdict"] == "bad"


@pytest.mark.script(RUNNING)
def test_properties_given_after_the_run_are_read_by_scripts(run: Run, person: Person) -> None:
    person.add(run.task, "properties", "seen by", "ünï <b>")
    assert run.read("get_user_properties", value_only=True)["seen by"] == "ünï <b>"
    assert run.page.section("properties")["seen by"].value == "ünï <b>"
