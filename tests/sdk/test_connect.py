"""Task.connect: dictionaries, classes, objects, and what changes after connecting."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

OBJECTS = Script("connect_objects.py")
OBJECTS_SHOWN: Table = {
    "General/batch": ("64", "int", ""),
    "General/rate": ("1e-07", "float", ""),
    "General/on": ("False", "bool", ""),
    "General/none": ("", "", ""),
    "General/empty": ("", "str", ""),
    "Model/net/act/name": ("relu", "str", ""),
    "Model/net/sizes": ("[64, 32]", "list/int", ""),
    "Model/none": ("{}", "dict", ""),
    "Model/mixed": ('[1, "two", null, 3.5]', "list", ""),
    "Model/pair": ("[1, 2]", "tuple/int", ""),
    # A slash in the name of the section begins the parameter's name.
    "Odd names/section/we.ird $key%__x_": ("1", "int", ""),
    "Odd names/section/_lead/__und": ("a/b", "str", ""),
    "Odd names/section/x.y": ("1.50", "str", ""),
    "Odd names/section/two words": ("  kept  ", "str", ""),
    "Odd names/section/<i>&amp;": ("'quoted'", "str", ""),
    "Odd names/section/%2E%24%%": ("not an escape", "str", ""),
    "Odd names/section/ключ": ("знач", "str", ""),
    "Text/text": ("line 1\nline 2\ttab \"q\" 's' <b>&amp;</b> \\ 😀", "str", ""),
    "Text/long": ("x" * 5000, "str", ""),
    "Class/lr": ("0.001", "float", ""),
    "Class/betas": ("[0.9, 0.999]", "tuple/float", ""),
    "Object/lr": ("0.1", "float", ""),
    "Object/nesterov": ("True", "bool", ""),
    "Object/schedule": ("", "", ""),
}

LATER = Script("connect_later.py")
LATER_SHOWN: Table = {
    "General/lr": ("0.2", "float", ""),
    "General/layers/width": ("128", "int", ""),
    "General/added": ("new", "str", ""),
    "General/momentum": ("0.9", "float", ""),
    # The SDK reports neither what a script deletes nor what it changes in an object.
    "General/dropped": ("1", "int", ""),
    "Object/lr": ("0.1", "float", ""),
}


@pytest.mark.script(OBJECTS)
def test_dictionaries_a_class_and_an_object(run: Run) -> None:
    assert run.read("get_parameters") == values(OBJECTS_SHOWN)
    assert run.page.parameters == OBJECTS_SHOWN
    assert set(run.page.sections) == {"General", "Model", "Odd names", "Text", "Class", "Object"}


@pytest.mark.script(OBJECTS)
def test_types_survive(run: Run) -> None:
    cast = run.read("get_parameters_as_dict", cast=True)
    assert cast["General"] == {"batch": 64, "rate": 1e-07, "on": False, "none": None, "empty": ""}
    assert cast["Model"] == {
        "net": {"act": {"name": "relu"}, "sizes": [64, 32]},
        "none": {},
        "mixed": [1, "two", None, 3.5],
        "pair": [1, 2],
    }
    assert cast["Class"] == {"lr": 0.001, "betas": [0.9, 0.999]}
    assert cast["Object"] == {"lr": 0.1, "nesterov": True, "schedule": None}


@pytest.mark.script(OBJECTS)
def test_slashes_nest_and_nothing_else_does(run: Run) -> None:
    assert run.read("get_parameters_as_dict")["Odd names"] == {
        "section": {
            "we.ird $key%__x_": "1",
            "_lead": {"__und": "a/b"},
            "x.y": "1.50",
            "two words": "  kept  ",
            "<i>&amp;": "'quoted'",
            "%2E%24%%": "not an escape",
            "ключ": "знач",
        }
    }


@pytest.mark.script(LATER)
def test_changes_made_later_in_the_script(run: Run) -> None:
    assert run.read("get_parameters") == values(LATER_SHOWN)
    assert run.read("get_parameter", "General/layers/width", cast=True) == 128
    assert run.page.parameters == LATER_SHOWN
