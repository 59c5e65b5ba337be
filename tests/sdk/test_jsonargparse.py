"""jsonargparse: nested types, and commands with a configuration file."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

TYPES = Script("jsonargparse_types.py", "--lr 0.5 --optimizer.name sgd")
TYPES_SHOWN: Table = {
    "Args/lr": ("0.5", "float", ""),
    "Args/optimizer.name": ("sgd", "str", ""),
    "Args/optimizer.betas": ("[0.9, 0.999]", "list/float", ""),
    "Args/seed": ("", "", ""),
    "Args/amp": ("False", "bool", ""),
    "Args/extra": ('{"a": 1}', "dict/int", ""),
}

COMMANDS = Script("jsonargparse_commands.py", "--config jsonargparse_settings.yaml train --lr 0.5")
CONFIG = '[{"path": "jsonargparse_settings.yaml", "mode": "fr", "cwd": null, "skip_check": false}]'
COMMANDS_SHOWN: Table = {
    "Args/config": (CONFIG, "jsonargparse_path", ""),
    "Args/seed": ("11", "int", ""),
    "Args/subcommand": ("train", "jsonargparse.Command", ""),
    "Args/train.lr": ("0.5", "float", ""),
    "Args/train.layers": ("[8]", "list/int", ""),
    "Args/_ignore_ui_overrides_": (
        "False",
        "bool",
        "If True, values in the config file will be overriden by values found in the UI. "
        "Otherwise, the values in the config file have priority",
    ),
}


@pytest.mark.script(TYPES)
def test_nested_types(run: Run) -> None:
    assert run.read("get_parameters") == values(TYPES_SHOWN)
    assert run.read("get_parameters", cast=True) == {
        "Args/lr": 0.5,
        "Args/optimizer.name": "sgd",
        "Args/optimizer.betas": [0.9, 0.999],
        "Args/seed": None,
        "Args/amp": False,
        "Args/extra": {"a": 1},
    }
    assert run.page.parameters == TYPES_SHOWN


@pytest.mark.script(COMMANDS)
def test_commands_and_a_configuration_file(run: Run) -> None:
    assert run.read("get_parameters") == values(COMMANDS_SHOWN)
    assert run.read("get_parameter", "Args/train.layers", cast=True) == [8]
    assert run.page.parameters == COMMANDS_SHOWN
