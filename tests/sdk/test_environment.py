"""Environment variables: which are logged is chosen by a variable or the configuration file."""

from __future__ import annotations

import dataclasses

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

# LANG keeps Python from adding LC_CTYPE to an environment without a locale.
SET = (("FOO_A", "1"), ("FOO_B", ""), ("X_END", "ünï = 3"), ("LANG", "C.UTF-8"))
FILE = 'sdk { development { log_os_environments: ["FOO_*"] } }'


SECRET = ("DB_PASSWORD", "hunter2 & co")


def logging(chosen: str, *more: tuple[str, str]) -> Script:
    chooses = ("CLEARML_LOG_ENVIRONMENT", chosen)
    return Script("environment.py", environment=(*SET, *more, chooses))


ALL = logging("*")
LISTED = logging("FOO_*,*_END,LANG,MISSING")
EMPTY = logging("")
MASKED = logging("DB_*", SECRET)
UNSET = Script("environment.py", environment=SET)
BY_FILE = dataclasses.replace(UNSET, clearml_conf=FILE)
VARIABLE_WINS = dataclasses.replace(logging("LANG"), clearml_conf=FILE)
EMPTY_VARIABLE = dataclasses.replace(EMPTY, clearml_conf=FILE)

FOO_A = ("1", "str", "")
FOO_B = ("", "str", "")
X_END = ("ünï = 3", "str", "")
LANG = ("C.UTF-8", "str", "")


@pytest.mark.script(ALL)
def test_all_but_those_of_the_sdk(run: Run) -> None:
    read = run.read("get_parameters_as_dict")["Environment"]
    assert read.keys() == {"FOO_A", "FOO_B", "X_END", "LANG", "PATH", "HOME"}
    assert run.page.section("Environment").items() >= {"FOO_A": FOO_A, "X_END": X_END}.items()
    assert values(run.page.section("Environment")) == read


@pytest.mark.script(LISTED)
def test_a_list_of_names_and_patterns(run: Run) -> None:
    shown: Table = {
        "Environment/FOO_A": FOO_A,
        "Environment/FOO_B": FOO_B,
        "Environment/X_END": X_END,
        "Environment/LANG": LANG,
    }
    assert run.read("get_parameters") == values(shown)
    assert run.page.parameters == shown


@pytest.mark.script(MASKED)
def test_a_secret_is_masked_for_people_and_true_for_scripts(run: Run) -> None:
    assert run.read("get_parameters") == {"Environment/DB_PASSWORD": "hunter2 & co"}
    assert run.page.section("Environment").keys() == {"DB_PASSWORD"}
    assert "hunter2" not in run.tab("configuration")


@pytest.mark.script(EMPTY)
def test_an_empty_variable_logs_nothing(run: Run) -> None:
    assert run.read("get_parameters") == {}
    assert run.page.parameters == {}


@pytest.mark.script(UNSET)
def test_nothing_is_logged_unless_asked_for(run: Run) -> None:
    assert run.read("get_parameters") == {}
    assert run.page.parameters == {}


@pytest.mark.script(BY_FILE)
def test_chosen_by_the_configuration_file(run: Run) -> None:
    assert run.read("get_parameters") == {"Environment/FOO_A": "1", "Environment/FOO_B": ""}
    assert run.page.section("Environment") == {"FOO_A": FOO_A, "FOO_B": FOO_B}


@pytest.mark.script(VARIABLE_WINS)
def test_the_variable_wins_over_the_file(run: Run) -> None:
    assert run.read("get_parameters") == {"Environment/LANG": "C.UTF-8"}
    assert run.page.section("Environment") == {"LANG": LANG}


@pytest.mark.script(EMPTY_VARIABLE)
def test_an_empty_variable_leaves_the_choice_to_the_file(run: Run) -> None:
    assert run.read("get_parameters") == {"Environment/FOO_A": "1", "Environment/FOO_B": ""}
    assert run.page.section("Environment") == {"FOO_A": FOO_A, "FOO_B": FOO_B}
