"""LightningCLI: model, data and trainer of the command that was given."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.environments import LIGHTNING
from tests.sdk.runs import Run, Script

FIT = Script(
    "lightning_cli.py",
    "fit --model.hidden=8 --model.names='[a, b]' --data.count=12 --trainer.fast_dev_run=true "
    "--trainer.accelerator=cpu --trainer.logger=false --trainer.enable_checkpointing=false",
    packages=LIGHTNING,
)
SHOWN: Table = {
    "Args/config": ("", "", ""),
    "Args/subcommand": ("fit", "jsonargparse.Command", ""),
    "Args/fit.config": ("", "", ""),
    "Args/fit.seed_everything": ("True", "bool", ""),
    "Args/fit.model.hidden": ("8", "int", ""),
    "Args/fit.model.lr": ("0.01", "float", ""),
    "Args/fit.model.names": ('["a", "b"]', "list/str", ""),
    "Args/fit.data.count": ("12", "int", ""),
    "Args/fit.optimizer": ("", "", ""),
    "Args/fit.lr_scheduler": ("", "", ""),
    "Args/fit.ckpt_path": ("", "", ""),
    "Args/fit.weights_only": ("", "", ""),
}
# Some of the trainer's three dozen: one of every kind.
TRAINER_SHOWN: Table = {
    "Args/fit.trainer.accelerator": ("cpu", "str", ""),
    "Args/fit.trainer.devices": ("auto", "str", ""),
    "Args/fit.trainer.fast_dev_run": ("True", "bool", ""),
    "Args/fit.trainer.logger": ("False", "bool", ""),
    "Args/fit.trainer.max_steps": ("-1", "int", ""),
    "Args/fit.trainer.overfit_batches": ("0.0", "float", ""),
    "Args/fit.trainer.callbacks": ("", "", ""),
}
TRAINER_COUNT = 41


@pytest.mark.script(FIT)
def test_the_command_line_of_a_fit(run: Run) -> None:
    read, shown = run.read("get_parameters"), run.page.parameters
    assert read.items() >= values(SHOWN | TRAINER_SHOWN).items()
    assert shown.items() >= (SHOWN | TRAINER_SHOWN).items()
    assert read.keys() == shown.keys()
    assert {name for name in read if ".trainer." not in name} == SHOWN.keys()
    assert len([name for name in read if ".trainer." in name]) == TRAINER_COUNT


@pytest.mark.script(FIT)
def test_types_survive(run: Run) -> None:
    cast = run.read("get_parameters", cast=True)
    assert cast["Args/fit.model.names"] == ["a", "b"]
    assert cast["Args/fit.model.lr"] == 0.01
    assert cast["Args/fit.trainer.max_steps"] == -1
    assert cast["Args/fit.trainer.callbacks"] is None


@pytest.mark.script(FIT)
def test_it_trained(run: Run) -> None:
    assert "`Trainer.fit` stopped: `max_steps=1` reached." in run.errors
    assert run.read("get_status") == "completed"
