"""Automatic logging switched off: as a whole, per framework, per argument."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.sdk.runs import Run, Script


def choosing(**keywords: Any) -> Script:
    """A script with argparse, absl and Hydra, and these keywords of Task.init."""
    return Script("switched_off.py", shlex.quote(repr(keywords)))


LR = ("0.1", "float", "None")
FOLDER = ("/data", "str", "None")


@pytest.mark.script(choosing())
def test_everything_is_captured_by_default(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"Args", "TF_DEFINE", "Hydra"}
    assert run.read("get_configuration_objects").keys() == {"OmegaConf"}
    assert set(run.page.sections) == {"Args", "TF_DEFINE", "Hydra"}
    assert run.page.objects.keys() == {"OmegaConf"}


@pytest.mark.script(choosing(auto_connect_frameworks=False, auto_connect_arg_parser=False))
def test_everything_off(run: Run) -> None:
    assert run.read("get_parameters") == {}
    assert run.read("get_configuration_objects") == {}
    assert run.page.parameters == {}
    assert run.page.objects == {}


@pytest.mark.script(choosing(auto_connect_frameworks=False))
def test_frameworks_off(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"Args"}
    assert run.read("get_configuration_objects") == {}
    assert run.page.sections == ["Args"]
    assert run.page.section("Args").items() >= {"lr": LR, "folder": FOLDER}.items()
    assert run.page.objects == {}


@pytest.mark.script(choosing(auto_connect_frameworks={"hydra": False}))
def test_hydra_off(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"Args", "TF_DEFINE"}
    assert run.read("get_configuration_objects") == {}
    assert set(run.page.sections) == {"Args", "TF_DEFINE"}
    assert run.page.objects == {}


@pytest.mark.script(choosing(auto_connect_frameworks={"tfdefines": False}))
def test_absl_off(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"Args", "Hydra"}
    assert set(run.page.sections) == {"Args", "Hydra"}
    assert run.page.objects.keys() == {"OmegaConf"}


@pytest.mark.script(choosing(auto_connect_arg_parser=False))
def test_argument_parsers_off(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"TF_DEFINE", "Hydra"}
    assert set(run.page.sections) == {"TF_DEFINE", "Hydra"}


@pytest.mark.script(choosing(auto_connect_arg_parser={}))
def test_an_empty_choice_of_arguments_is_none_of_them(run: Run) -> None:
    assert run.read("get_parameters_as_dict").keys() == {"TF_DEFINE", "Hydra"}
    assert set(run.page.sections) == {"TF_DEFINE", "Hydra"}


@pytest.mark.script(choosing(auto_connect_arg_parser={"folder": False}))
def test_one_argument_off(run: Run) -> None:
    read = run.read("get_parameters_as_dict")["Args"]
    assert read["lr"] == "0.1"
    assert "folder" not in read
    assert run.page.section("Args")["lr"] == LR
    assert "folder" not in run.page.section("Args")


@pytest.mark.script(choosing(auto_connect_arg_parser={"*": False, "folder": True}))
def test_all_arguments_off_but_one(run: Run) -> None:
    assert run.read("get_parameters_as_dict")["Args"] == {"folder": "/data"}
    assert run.page.section("Args") == {"folder": FOLDER}
