"""User properties: set, read and deleted by the script, and set after its run."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table
from tests.sdk.runs import Run, Script

PROPERTIES = Script("user_properties.py")
VALUES = {
    "owner": "bob",
    "count": "3",
    "good": "True",
    "by_dict": "x",
    "typed": "0.50",
    "odd.name $%": "a/b",
}
SHOWN: Table = {
    "owner": ("bob", "str", ""),
    "count": ("3", "str", ""),
    "good": ("True", "str", ""),
    "by_dict": ("x", "str", "by dictionary"),
    "typed": ("0.50", "float", "a number"),
    "odd.name $%": ("a/b", "str", ""),
}

AFTERWARDS = Script("raises.py", fails=True)


@pytest.mark.script(PROPERTIES)
def test_what_the_script_itself_reads(run: Run) -> None:
    assert run.answers["values"] == VALUES | {"gone": "soon", "share": "0.25"}
    typed = {"section": "properties", "name": "typed", "value": "0.50", "type": "float"}
    assert run.answers["properties"]["typed"] == typed | {"description": "a number"}
    assert run.answers["properties"]["owner"].items() >= {"value": "bob"}.items()
    assert run.answers["deleted"] is True
    assert set(run.answers["left"]) == VALUES.keys()


@pytest.mark.script(PROPERTIES)
def test_what_is_read_and_shown_afterwards(run: Run) -> None:
    assert run.read("get_user_properties", value_only=True) == VALUES
    assert run.read("get_user_properties")["typed"]["description"] == "a number"
    assert run.read("get_parameters_as_dict").keys() == {"General", "After", "properties"}
    assert run.read("get_parameter", "properties/typed", cast=True) == 0.5
    assert run.page.section("properties") == SHOWN


@pytest.mark.script(AFTERWARDS)
def test_set_changed_and_deleted_after_the_run(run: Run) -> None:
    """By another process, on an experiment that has ended."""
    assert run.read("set_user_properties", reviewer="amy", verdict="bad") is True
    assert run.read("set_user_properties", verdict="good") is True
    assert run.read("get_user_properties", value_only=True) == {
        "reviewer": "amy",
        "verdict": "good",
    }
    shown = run.page.section("properties")
    assert {name: row.value for name, row in shown.items()} == {
        "reviewer": "amy",
        "verdict": "good",
    }
    gone = [{"section": "properties", "name": "verdict"}]
    assert run.read("delete_user_properties", gone) is True
    assert run.read("get_user_properties", value_only=True) == {"reviewer": "amy"}
    assert run.page.section("properties").keys() == {"reviewer"}
    assert run.page.section("General") == {"lr": ("0.1", "float", "")}
