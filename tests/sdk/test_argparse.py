"""argparse: values as parsed, types, and help texts as descriptions."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

TYPES = Script("argparse_types.py", "/data --epochs 20 --layers 16 8 --amp --crop 1")
TYPES_SHOWN: Table = {
    "Args/data": ("/data", "str", "folder with the images"),
    "Args/lr": ("1e-05", "float", "learning rate"),
    "Args/epochs": ("20", "int", "passes over the data"),
    "Args/optimizer": ("adam", "str", "how to step"),
    "Args/amp": ("True", "bool", "mixed precision"),
    "Args/shuffle": ("True", "bool", "keep the order"),
    "Args/layers": ("[16, 8]", "int", "width of each layer"),
    "Args/classes": ("['cat', 'dog']", "str", 'names with a "quote" & <b>'),
    "Args/crop": ("['1']", "str", ""),
    "Args/checkpoint": ("", "str", "where to resume"),
    "Args/note": ("", "str", "free text"),
    # The SDK sends the text "None" for an argument without help.
    "Args/seed": ("", "int", "None"),
}

PARSED_FIRST = Script("argparse_parsed_first.py", "--lr 0.5")
PARSED_FIRST_SHOWN: Table = {
    "Args/lr": ("0.5", "float", "learning rate"),
    "Args/name": ("ünï/code", "str", "%(prog)s calls the model so"),
}

COMMANDS = Script("argparse_commands.py", "--verbose 2 train --epochs 5 cosine --warmup 0.2")
COMMANDS_SHOWN: Table = {
    "Args/verbose": ("2", "int", "how much to print"),
    "Args/command": ("['train', '--epochs', '5', 'cosine', '--warmup', '0.2']", "str", ""),
    "Args/epochs": ("5", "int", "passes over the data"),
    "Args/schedule": ("cosine", "str", ""),
    "Args/warmup": ("0.2", "float", "share of the steps"),
    # Of the command that was not given, without a value.
    "Args/format": ("", "str", "of the file"),
}


@pytest.mark.script(TYPES)
def test_every_kind_of_argument(run: Run) -> None:
    assert run.read("get_parameters") == values(TYPES_SHOWN)
    assert run.page.parameters == TYPES_SHOWN
    assert run.page.sections == ["Args"]


@pytest.mark.script(TYPES)
def test_types_survive(run: Run) -> None:
    assert run.read("get_parameters", cast=True) == {
        "Args/data": "/data",
        "Args/lr": 1e-05,
        "Args/epochs": 20,
        "Args/optimizer": "adam",
        "Args/amp": True,
        "Args/shuffle": True,
        "Args/layers": "[16, 8]",
        "Args/classes": "['cat', 'dog']",
        "Args/crop": "['1']",
        "Args/checkpoint": "",
        "Args/note": "",
        "Args/seed": "",
    }


@pytest.mark.script(PARSED_FIRST)
def test_arguments_parsed_before_the_experiment_was_made(run: Run) -> None:
    assert run.read("get_parameters") == values(PARSED_FIRST_SHOWN)
    assert run.page.parameters == PARSED_FIRST_SHOWN


@pytest.mark.script(COMMANDS)
def test_sub_commands(run: Run) -> None:
    assert run.read("get_parameters") == values(COMMANDS_SHOWN)
    assert run.read("get_parameter", "Args/warmup", cast=True) == 0.2
    assert run.page.parameters == COMMANDS_SHOWN
