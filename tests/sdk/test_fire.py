"""Python Fire: flags of a function, and of the commands of a class."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

# Fire parses its own flags with argparse, which the SDK captures as well.
OF_FIRE: Table = {
    "Args/verbose": ("False", "bool", "None"),
    "Args/interactive": ("False", "bool", "None"),
    "Args/separator": ("-", "str", "None"),
    "Args/completion": ("", "str", "None"),
    "Args/help": ("False", "bool", "None"),
    "Args/trace": ("False", "bool", "None"),
}

FUNCTION = Script("fire_function.py", "in.csv --lr=0.5")
FUNCTION_SHOWN: Table = {
    **OF_FIRE,
    "Args/data": ("in.csv", "fire.Arg.shared", ""),
    "Args/lr": ("0.5", "fire.Arg.shared", ""),
    "Args/fast": ("False", "fire.Arg.shared", ""),
    "Args/note": ("", "fire.Arg.shared", ""),
}

COMMANDS = Script("fire_commands.py", "train --lr=0.5 --seed=9")
COMMANDS_SHOWN: Table = {
    **OF_FIRE,
    "Args/seed": ("9", "fire.Arg.shared", ""),
    "Args/train": ("True", "fire.Command", ""),
    "Args/train/lr": ("0.5", "fire.Arg@train", ""),
    "Args/train/epochs": ("3", "fire.Arg@train", ""),
    "Args/train/layers": ("[64, 32]", "fire.Arg@train", ""),
    "Args/export": ("False", "fire.Command", ""),
    "Args/export/self": ("", "fire.Arg@export", ""),
    "Args/export/format": ("", "fire.Arg@export", ""),
    "Args/export/path": ("", "fire.Arg@export", ""),
}


@pytest.mark.script(FUNCTION)
def test_a_function(run: Run) -> None:
    assert run.read("get_parameters") == values(FUNCTION_SHOWN)
    assert run.page.parameters == FUNCTION_SHOWN


@pytest.mark.script(COMMANDS)
def test_the_commands_of_a_class(run: Run) -> None:
    assert run.read("get_parameters") == values(COMMANDS_SHOWN)
    train = {"lr": "0.5", "epochs": "3", "layers": "[64, 32]"}
    assert run.read("get_parameters_as_dict")["Args"]["train"] == train
    assert run.page.parameters == COMMANDS_SHOWN
