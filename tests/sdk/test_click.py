"""click: a command, and groups whose commands nest under their names."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

COMMAND = Script("click_command.py", "in.csv --split 0.7 --label x")
COMMAND_SHOWN: Table = {
    "Args/source": ("in.csv", "STRING", ""),
    "Args/split": ("0.7", "FLOAT", "share for training"),
    "Args/kind": ("image", "Choice(['image', 'text'])", "of the data"),
    "Args/label": ("('x',)", "STRING", "a class"),
    "Args/limit": ("", "INT", "at most so many"),
    "Args/fast": ("", "BOOL", "skip the checks"),
}

GROUPS = Script("click_groups.py", "--seed 9 data prepare in.csv --split 0.7")
GROUPS_SHOWN: Table = {
    "Args/prepare": ("True", "click.Command", ""),
    "Args/prepare/source": ("in.csv", "STRING", ""),
    "Args/prepare/split": ("0.7", "FLOAT", "share for training"),
    "Args/prepare/kind": ("image", "Choice(['image', 'text'])", "of the data"),
    "Args/prepare/label": ("('cat', 'dog')", "STRING", "a class"),
    "Args/prepare/limit": ("", "INT", "at most so many"),
    "Args/train": ("False", "click.Command", ""),
    "Args/train/epochs": ("3", "INT", "passes over the data"),
    # Options of the groups themselves.
    "Args/main/seed": ("9", "str", ""),
    "Args/main/debug": ("", "str", ""),
    "Args/data/root": ("/data", "str", ""),
}


@pytest.mark.script(COMMAND)
def test_a_command(run: Run) -> None:
    assert run.read("get_parameters") == values(COMMAND_SHOWN)
    assert run.read("get_parameters", cast=True) == {
        "Args/source": "in.csv",
        "Args/split": 0.7,
        "Args/kind": "image",
        "Args/label": "('x',)",
        "Args/limit": "",
        "Args/fast": False,
    }
    assert run.page.parameters == COMMAND_SHOWN


@pytest.mark.script(GROUPS)
def test_groups_and_their_commands(run: Run) -> None:
    assert run.read("get_parameters") == values(GROUPS_SHOWN)
    assert run.read("get_parameters_as_dict", cast=True)["Args"]["prepare"] == {
        "source": "in.csv",
        "split": 0.7,
        "kind": "image",
        "label": "('cat', 'dog')",
        "limit": "",
    }
    assert run.page.parameters == GROUPS_SHOWN
