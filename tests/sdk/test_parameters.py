"""The parameter calls of Task: what each replaces, updates, adds and removes."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

CALLS = Script("parameters.py")
# A user property outlives a write of all parameters that does not mention it.
OWNER = {"properties/owner": "amy"}
SHOWN: Table = {
    "properties/owner": ("amy", "str", ""),
    "Args/lr": ("1e-05", "float", "learning rate"),
    "Args/on": ("False", "bool", ""),
    "Args/net/dim": ("8", "int", ""),
    "Args/new": ('{"a": 1}', "dict/int", ""),
    "Other/a": ("b", "str", ""),
    "Typed/choice": ("adam", "str", "an optimizer"),
    "General/bare": ("7", "int", ""),
}


@pytest.mark.script(CALLS)
@pytest.mark.parametrize(
    ("step", "parameters"),
    [
        (
            "set_parameters replaces",
            {"Args/lr": "0.1", "Args/layers": "[64, 32]", "General/plain": "text", "New/none": ""},
        ),
        (
            "set_parameters merges its arguments",
            {"Args/lr": "0.2", "Args/on": "True", "Args/kw": "x"},
        ),
        (
            "set_parameters_as_dict updates",
            {
                "Args/lr": "0.3",
                "Args/on": "True",
                "Args/kw": "x",
                "Args/net/dim": "8",
                "Other/a": "b",
            },
        ),
        (
            "set_parameter adds or changes one",
            {
                "Args/lr": "1e-05",
                "Args/on": "True",
                "Args/kw": "x",
                "Args/net/dim": "8",
                "Other/a": "b",
                "Typed/choice": "adam",
                "General/bare": "7",
            },
        ),
        (
            "update_parameters updates",
            {
                "Args/lr": "1e-05",
                "Args/on": "False",
                "Args/kw": "x",
                "Args/net/dim": "8",
                "Args/new": '{"a": 1}',
                "Other/a": "b",
                "Typed/choice": "adam",
                "General/bare": "7",
            },
        ),
        (
            "delete_parameter removes one",
            {
                "Args/lr": "1e-05",
                "Args/on": "False",
                "Args/net/dim": "8",
                "Args/new": '{"a": 1}',
                "Other/a": "b",
                "Typed/choice": "adam",
                "General/bare": "7",
            },
        ),
    ],
)
def test_after_each_call(run: Run, step: str, parameters: dict[str, str]) -> None:
    assert run.answers[step] == OWNER | parameters


@pytest.mark.script(CALLS)
def test_in_the_end(run: Run) -> None:
    assert run.answers["deleted unforced"] is False, "the experiment was running"
    assert run.answers["deleted"] is True
    assert run.read("get_parameters") == values(SHOWN)
    assert run.read("get_parameters", cast=True) == {
        "properties/owner": "amy",
        "Args/lr": 1e-05,
        "Args/on": False,
        "Args/net/dim": 8,
        "Args/new": {"a": 1},
        "Other/a": "b",
        "Typed/choice": "adam",
        "General/bare": 7,
    }
    assert run.read("get_parameters_as_dict")["Args"]["net"] == {"dim": "8"}
    assert run.page.parameters == SHOWN
