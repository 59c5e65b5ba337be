"""What an agent runs is what the page shows, for every type: edited in the page's own form, run
again as an agent does, and read by the script itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.rules.types import typed_value
from tests.sdk.person import Person
from tests.sdk.runs import Run, Runs, Script
from tests.sdk.test_edited_runs import run_as_agent

PLAIN = Script("every_type.py")
CLICK = Script("every_type_click.py")
ABSL = Script("every_type_absl.py")

EDITS = {
    PLAIN: {
        "Args/whole": "-12",
        "Args/rate": "3e-7",
        "Args/infinite": "-inf",
        "Args/unknown": "0.5",
        "Args/text": "None",
        "Args/empty": "no longer",
        "Args/nothing": "something",
        "Args/no_seed": "0",
        "Args/no_rate": "nan",
        "Args/amp": "True",
        "Args/shuffle": "False",
        "Args/optimizer": "sgd",
        "Args/widths": "[8]",
        "Args/names": "['x y', 'z']",
        "General/whole": "12",
        "General/negative": "0",
        "General/rate": "1e-05",
        "General/infinite": "nan",
        "General/unknown": "-inf",
        "General/on": "False",
        "General/off": "True",
        "General/text": "None",
        "General/number as text": "007",
        "General/empty": "no longer",
        "General/none": "something",
        "General/word": "",
        "General/widths": "[8, 16, 32]",
        "General/shares": "[1.0, 0.001]",
        "General/names": '["one, two", "\\u00fc"]',
        "General/mixed": '[null, "x", 2]',
        "General/nothing in it": '["now"]',
        "General/pair": "(3, 4)",
        "General/map": '{"a": {"b": 1}}',
        "General/net/act/name": "gelu",
        "General/net/act/slope": "2.5",
        "General/net/depth": "8",
        "General/net/norm": "batch",
    },
    CLICK: {
        "Args/whole": "12",
        "Args/rate": "1e-05",
        "Args/text": "None",
        "Args/nothing": "something",
        "Args/no_limit": "5",
        "Args/fast": "True",
        "Args/kind": "text",
    },
    ABSL: {
        "TF_DEFINE/whole": "-12",
        "TF_DEFINE/rate": "1e-05",
        "TF_DEFINE/bound": "-inf",
        "TF_DEFINE/text": "None",
        "TF_DEFINE/nothing": "something",
        "TF_DEFINE/augment": "False",
        "TF_DEFINE/mode": "test",
        "TF_DEFINE/gpus": '["2", "3"]',
        "TF_DEFINE/steps": "[5]",
    },
}


# What the protocol can carry of nothing: "" is None for a number, a text for a text. Of a number
# with a default argparse refuses it: the run ends with argparse's own sentence.
EMPTIED = Script("every_type.py", "--whole 4")
EDITS[EMPTIED] = dict.fromkeys(
    (
        "Args/text", "Args/nothing", "Args/no_seed",
        "General/whole", "General/rate", "General/infinite", "General/text", "General/none",
        "General/word", "General/net/act/slope", "General/net/depth", "General/net/norm",
    ),
    "",
)  # fmt: skip

# argparse records several texts under the type of one.
TEXTS_OF_ARGPARSE = {"Args/names"}
# Of a nested dictionary the SDK asks for the keys that the script has: an empty one stays so.
KEYS_OF_THE_SCRIPT = {"General/map"}
# An empty text is None where that is the script's own default, which nobody records.
NONE_BY_DEFAULT = {"Args/nothing"}
Told = tuple[str, str]


def seen(run: Run) -> dict[str, Told]:
    """Type and text of every value as the script had it."""
    return {
        f"{section}/{name}": tuple(told)
        for section in ("Args", "General", "TF_DEFINE")
        if f'["{section}", ' in run.output
        for name, told in run.answers[section].items()
    }


def shown(run: Run) -> dict[str, Told]:
    """The same of the values that the page shows."""
    values = {
        key: typed_value(
            row.value, "list" if key in TEXTS_OF_ARGPARSE else row.type, row.description
        )
        for key, row in run.page.parameters.items()
    }
    told = {key: (type(value).__name__, repr(value)) for key, value in values.items()}
    return {
        key: ("tuple", f"({text[1:-1]})") if run.page.parameters[key].type[:5] == "tuple" else each
        for key, each in told.items()
        for text in each[1:]
    }


def run_edited(runs: Runs, run: Run, script: Script, person: Person, home: Path) -> Run:
    run.read("reset", force=True)
    for key, text in EDITS[script].items():
        person.edit(run.task, key, text)
    again = run_as_agent(runs, run, script.file, home)
    page = again.page.parameters
    assert {key: page[key].value for key in EDITS[script]} == EDITS[script]
    return again


@pytest.mark.script(PLAIN)
def test_argparse_and_connect(run: Run, runs: Runs, person: Person, tmp_path: Path) -> None:
    assert seen(run).items() >= {
        "Args/rate": ("float", "0.0001"), "Args/nothing": ("NoneType", "None"),
        "General/pair": ("tuple", "(1, 2)"), "General/unknown": ("float", "nan"),
    }.items()  # fmt: skip
    again = run_edited(runs, run, PLAIN, person, tmp_path)
    found, expected = seen(again), shown(again)
    assert {key: found[key][1] for key in KEYS_OF_THE_SCRIPT} == {"General/map": "{}"}
    for key in found.keys() - KEYS_OF_THE_SCRIPT:
        assert (key, found[key]) == (key, expected[key])
    assert found.keys() >= EDITS[PLAIN].keys()


@pytest.mark.script(EMPTIED)
def test_none_and_empty_text(run: Run, runs: Runs, person: Person, tmp_path: Path) -> None:
    again = run_edited(runs, run, EMPTIED, person, tmp_path)
    found, expected = seen(again), shown(again)
    for key in found.keys() - KEYS_OF_THE_SCRIPT - NONE_BY_DEFAULT:
        assert (key, found[key]) == (key, expected[key])
    assert {found[key][0] for key in NONE_BY_DEFAULT} == {"NoneType"}
    assert found["General/rate"] == ("NoneType", "None")
    assert found["General/none"] == ("NoneType", "None")
    assert found["General/text"] == found["General/empty"] == ("str", "''")


@pytest.mark.script(CLICK)
def test_click(run: Run, runs: Runs, person: Person, tmp_path: Path) -> None:
    again = run_edited(runs, run, CLICK, person, tmp_path)
    assert seen(again) == {key: shown(again)[key] for key in seen(again)}
    assert seen(again).keys() == EDITS[CLICK].keys()


@pytest.mark.script(ABSL)
def test_absl(run: Run, runs: Runs, person: Person, tmp_path: Path) -> None:
    again = run_edited(runs, run, ABSL, person, tmp_path)
    assert seen(again) == {key: shown(again)[key] for key in seen(again)}
    assert seen(again).keys() == EDITS[ABSL].keys()
