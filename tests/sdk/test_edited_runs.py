"""Edited in between, run again: the script works with the edited configuration, as by an agent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sdk.person import Person
from tests.sdk.runs import Run, Runs, Script

OWN = Script("configured_from_outside.py", "--lr 0.2")
HYDRA = Script("hydra_configured.py", "model=large")


def run_as_agent(runs: Runs, run: Run, file: str, home: Path) -> Run:
    """What an agent sets for the process that it starts; the arguments are the experiment's."""
    set_by_agent = (
        ("CLEARML_TASK_ID", run.task),
        ("CLEARML_LOG_TASK_TO_BACKEND", "1"),
        ("CLEARML_SIMULATE_REMOTE_TASK", "1"),
    )
    return runs.run(Script(file, environment=set_by_agent), home)


@pytest.mark.script(OWN)
def test_parameters_and_objects(run: Run, runs: Runs, person: Person, tmp_path: Path) -> None:
    assert run.answers["arguments"] == {"lr": 0.2, "amp": False, "checkpoint": None}
    assert run.answers["settings"] == {"layers": [64, 32], "net": {"dim": 8}, "name": "small"}

    run.read("reset", force=True)
    assert run.read("get_status") == "created"
    person.edit(run.task, "Args/lr", "1e-05")
    person.edit(run.task, "General/layers", "[8]")
    run.read("update_parameters", {"Args/amp": True, "General/net/dim": 16})
    run.read("set_configuration_object", "data", config_text='root = "/other"')

    again = run_as_agent(runs, run, OWN.file, tmp_path)
    assert again.answers["arguments"] == {"lr": 1e-05, "amp": True, "checkpoint": None}
    assert again.answers["settings"] == {"layers": [8], "net": {"dim": 16}, "name": "small"}
    assert again.answers["data"] == {"root": "/other"}
    assert again.page.parameters["Args/lr"] == ("1e-05", "float", "learning rate")
    assert again.page.objects == {"data": 'root = "/other"'}


@pytest.mark.script(HYDRA)
def test_hydra_works_with_the_edited_object_where_that_is_allowed(
    run: Run, runs: Runs, tmp_path: Path
) -> None:
    assert run.answers["configuration"]["model"]["name"] == "large"

    run.read("reset", force=True)
    run.read("set_parameter", "Hydra/_allow_omegaconf_edit_", True)
    text = "lr: 0.5\nmodel:\n  name: edited\n"
    run.read("set_configuration_object", "OmegaConf", config_text=text)

    again = run_as_agent(runs, run, HYDRA.file, tmp_path)
    assert again.answers["configuration"] == {"lr": 0.5, "model": {"name": "edited"}}
    assert again.read("get_parameter", "Hydra/_allow_omegaconf_edit_", cast=True) is True


@pytest.mark.script(HYDRA)
def test_hydra_works_with_the_edited_overrides(run: Run, runs: Runs, tmp_path: Path) -> None:
    run.read("reset", force=True)
    run.read("set_parameter", "Hydra/_allow_omegaconf_edit_", False)
    run.read("set_parameter", "Hydra/model", "small")
    run.read("set_parameter", "Hydra/lr", 0.25)
    again = run_as_agent(runs, run, HYDRA.file, tmp_path)
    assert again.answers["configuration"]["model"]["name"] == "small"
    assert again.answers["configuration"]["lr"] == 0.25
