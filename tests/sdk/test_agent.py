"""clearml-agent from PyPI: what was edited in the browser is what the script works with.

The agent runs scripts with the packages of its own environment, except in the one test in which
it builds an environment for the experiment. Building takes long and asks the database for nothing
that the others do not, so that test runs with SQLite only (`pytest.mark.one_database`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sdk.agents import Agents, wait_for
from tests.sdk.fleet import Fleet, is_alive
from tests.sdk.person import Person
from tests.sdk.runs import Reader, Run, Runs, Script
from tests.server import Server

TUNED = Script("tuned.py", "--lr 0.2")
HYDRA = Script("tuned_hydra.py", "lr=0.2 model.width=32")
CLICK = Script("tuned_click.py", "--lr 0.2")
ABSL = Script("tuned_absl.py", "--steps=200")
EDITED = {"Args/lr": "1e-05", "Args/epochs": "2", "General/net/dim": "16", "General/layers": "[8]"}
SHORT_TASKS = 8

SHORT = """
import os
with open({path!r}, "a") as file:
    file.write(os.environ["CLEARML_TASK_ID"] + "\\n")
"""
LONG = """
import os, time
print("runs as", os.getpid(), flush=True)
while True:
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def clones(fleet: Fleet, runs: Runs) -> dict[Script, str]:
    """A clone of each script's run, edited by a person and waiting for an agent."""
    person = Person(fleet.server)
    clones = {
        script: fleet.clone(runs[script], f"edited {script.file}")
        for script in (TUNED, HYDRA, CLICK, ABSL)
    }
    edit_tuned(fleet, person, clones[TUNED])
    person.edit(clones[HYDRA], "Hydra/lr", "0.5")
    person.edit(clones[HYDRA], "Hydra/model.width", "128")
    person.edit(clones[CLICK], "Args/lr", "0.5")
    person.edit(clones[CLICK], "Args/kind", "text")
    person.edit(clones[ABSL], "TF_DEFINE/steps", "7")
    person.edit(clones[ABSL], "TF_DEFINE/augment", "False")
    for clone in clones.values():
        person.act(clone, "enqueue", queue=fleet.queue)
    person.close()
    return clones


def edit_tuned(fleet: Fleet, person: Person, task: str) -> None:
    for name, value in EDITED.items():
        person.edit(task, name, value)
    fleet.reader.ask(task, "set_configuration_object", "data", config_text='root = "/other"')


def assert_edited(again: Run) -> None:
    assert again.answers["arguments"] == {"lr": 1e-05, "epochs": 2}
    assert again.answers["settings"] == {"net": {"dim": 16, "bias": True}, "layers": [8]}
    assert again.answers["data"] == {"root": "/other"}
    shown = {name: again.page.parameters[name].value for name in EDITED}
    assert shown == EDITED
    assert again.page.objects == {"data": 'root = "/other"'}


@pytest.mark.script(TUNED)
def test_argparse_dictionary_and_object(run: Run, fleet: Fleet, clones: dict[Script, str]) -> None:
    assert run.answers["arguments"] == {"lr": 0.2, "epochs": 3}
    assert_edited(fleet.finished(clones[TUNED]))


@pytest.mark.script(HYDRA)
def test_hydra(run: Run, fleet: Fleet, clones: dict[Script, str]) -> None:
    assert run.answers["configuration"] == {"lr": 0.2, "model": {"name": "small", "width": 32}}
    again = fleet.finished(clones[HYDRA])
    assert again.answers["configuration"] == {"lr": 0.5, "model": {"name": "small", "width": 128}}


@pytest.mark.script(CLICK)
def test_click(run: Run, fleet: Fleet, clones: dict[Script, str]) -> None:
    assert run.answers["options"] == {"lr": 0.2, "kind": "image"}
    assert fleet.finished(clones[CLICK]).answers["options"] == {"lr": 0.5, "kind": "text"}


@pytest.mark.script(ABSL)
def test_absl(run: Run, fleet: Fleet, clones: dict[Script, str]) -> None:
    assert run.answers["flags"] == {"steps": 200, "augment": True}
    assert fleet.finished(clones[ABSL]).answers["flags"] == {"steps": 7, "augment": False}


@pytest.mark.script(TUNED)
def test_what_is_left_of_a_run(run: Run, fleet: Fleet, clones: dict[Script, str]) -> None:
    again = fleet.finished(clones[TUNED])
    task = fleet.task(again.task)
    assert task["status"] == "completed"
    assert task["last_worker"] in {"first", "second"}
    assert task["last_iteration"] == 1
    assert task["parent"] == run.task
    assert task["execution"]["queue"] == fleet.queue
    [[loss]] = [
        list(variants.values())
        for variants in task["last_metrics"].values()
        if "loss" in {v["metric"] for v in variants.values()}
    ]
    assert (loss["first_value"], loss["value"]) == (1e-05, 5e-06)
    assert task["last_worker"] in again.tab("info")
    assert "Process completed successfully" in again.tab("console")
    assert "loss" in again.tab("scalars")


@pytest.mark.script(TUNED)
def test_execute(run: Run, fleet: Fleet, agents: Agents, person: Person) -> None:
    """`clearml-agent execute --id`: one experiment, no queue."""
    clone = fleet.clone(run, "executed")
    edit_tuned(fleet, person, clone)
    agent = agents.execute(clone, "executor")
    again = fleet.finished(clone)
    assert_edited(again)
    task = fleet.task(clone)
    assert task["status"] == "completed", agent.output
    assert task["last_worker"] == "executor"


@pytest.mark.one_database
@pytest.mark.script(TUNED)
def test_an_agent_that_builds_an_environment(
    run: Run, server: Server, reader: Reader, agents: Agents, person: Person
) -> None:
    queue = server.data_of("queues.create", {"name": "builders"})["id"]
    with agents.listening("builders", "builder", builds=True) as agent:
        fleet = Fleet(server, reader, queue, [agent])
        clone = fleet.clone(run, "built")
        edit_tuned(fleet, person, clone)
        script = {**fleet.task(clone)["script"], "requirements": {"pip": "clearml==2.1.12\n"}}
        server.data_of("tasks.edit", {"task": clone, "script": script})
        fleet.enqueue(clone)
        again = fleet.finished(clone)
    assert fleet.task(clone)["status"] == "completed", agent.output
    assert_edited(again)
    assert str(agent.home / ".clearml" / "venvs-builds") in again.answers["python"]


def test_two_agents_run_each_once(fleet: Fleet, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    tasks = [fleet.draft(f"short {n}", SHORT.format(path=str(ran))) for n in range(SHORT_TASKS)]
    fleet.enqueue(*tasks)
    for task in tasks:
        fleet.wait(task, {"completed"})
    assert sorted(ran.read_text().split()) == sorted(tasks)
    assert {fleet.task(task)["last_worker"] for task in tasks} == {"first", "second"}


def test_stopping_ends_the_process(fleet: Fleet, person: Person) -> None:
    task = fleet.draft("long", LONG)
    fleet.enqueue(task)
    process = fleet.process_of(task)
    assert is_alive(process)
    person.act(task, "abort")
    found = fleet.wait(task, {"stopped"})
    wait_for("the end of its process", lambda: not is_alive(process))
    assert found["completed"]
    assert "User aborted" in fleet.log(task)


def test_a_script_that_raises(fleet: Fleet) -> None:
    task = fleet.draft("raises", "raise ValueError('no such layer')")
    fleet.enqueue(task)
    again = fleet.finished(task)
    found = fleet.task(task)
    assert (found["status"], found["status_reason"]) == ("failed", "worker execution exit code 1")
    assert "ValueError: no such layer" in again.tab("console")
    assert "worker execution exit code 1" in again.tab("info")


def test_no_code(fleet: Fleet) -> None:
    task = fleet.draft("empty", "")
    fleet.enqueue(task)
    again = fleet.finished(task)
    assert fleet.task(task)["status"] == "failed"
    assert "can&#x27;t open file" in again.tab("console")


def test_a_killed_agent(fleet: Fleet, agents: Agents, person: Person) -> None:
    """It cannot say what became of its script. The next of its name runs nothing, so that one
    need not be waited for; left alone, it is failed after a while (`operations/silence.py`).
    """
    queue = fleet.server.data_of("queues.create", {"name": "frail"})["id"]
    with agents.listening("frail", "frail") as agent:
        lonely = Fleet(fleet.server, fleet.reader, queue, [agent])
        task = lonely.draft("survives", LONG)
        lonely.enqueue(task)
        process = lonely.process_of(task)
        agent.kill()
    wait_for("the end of its process", lambda: not is_alive(process))
    found = fleet.task(task)
    assert (found["status"], found["last_worker"]) == ("in_progress", "frail")
    assert lonely.runs_at("frail") == task

    with agents.listening("frail", "frail") as agent:
        wait_for("an agent that is there", lambda: not lonely.runs_at("frail"))
        person.act(task, "abort")
        assert fleet.task(task)["status"] == "stopped"
        again = fleet.draft("another", "print('runs again')")
        lonely.enqueue(again)
        lonely.wait(again, {"completed"})
