"""What is copied reads back: JSON, YAML, shell, argparse, Python; secrets stay masked."""

from __future__ import annotations

import argparse
import ast
import json
import shlex

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.copying import Copy, copy_text, masked, nested, selected
from experiments.rules.document import Item
from experiments.rules.redaction import MASK

DOCUMENT = {
    "Args": {
        "lr": Item("1e-05", "float"), "layers": Item("[16, 8]", "int"), "amp": Item("True", "bool"),
        "off": Item("False", "bool"), "shift": Item("-3", "int"), "name": Item("a 'b' $c", "str"),
        "classes": Item("['cat', 'dog']", "str"), "seed": Item("", "int"),
    },
    "General": {
        "net/act": Item("relu", "str"), "net/dims": Item("[1, 2]", "list/int"),
        "none": Item("", None), "empty": Item("", "str"), "word": Item("None", "str"),
        "top": Item("inf", "float"), "like": Item("1e-5", "str"),
    },
}  # fmt: skip
TREE = {
    "Args": {
        "lr": 1e-05, "layers": [16, 8], "amp": True, "off": False, "shift": -3, "name": "a 'b' $c",
        "classes": "['cat', 'dog']", "seed": None,
    },
    "General": {
        "net": {"act": "relu", "dims": [1, 2]}, "none": None, "empty": "", "word": "None",
        "top": "inf", "like": "1e-5",
    },
}  # fmt: skip
SECRET = {"Environment": {"API_TOKEN": Item("hunter2-of-mine"), "HOME": Item("/root")}}


def test_json_and_python_read_back():
    assert json.loads(copy_text(DOCUMENT, Copy.JSON)) == TREE
    assert ast.literal_eval(copy_text(DOCUMENT, Copy.PYTHON)) == TREE


def test_yaml_reads_back():
    found = yaml.safe_load(copy_text(DOCUMENT, Copy.YAML))
    assert found == {**TREE, "General": {**TREE["General"], "top": float("inf")}}
    assert "'1e-5'" in copy_text(DOCUMENT, Copy.YAML), "a text for other readers of YAML as well"


def test_one_section_may_stand_alone():
    args = selected(DOCUMENT, sections=["Args"])
    assert json.loads(copy_text(args, Copy.JSON, bare=True)) == TREE["Args"]
    assert json.loads(copy_text(DOCUMENT, Copy.JSON, bare=True)) == TREE


def test_a_selection_keeps_its_order():
    keys = {("General", "net/act"), ("Args", "amp"), ("Args", "lr"), ("Args", "gone")}
    found = selected(DOCUMENT, keys=keys)
    assert [(s, list(items)) for s, items in found.items()] == [
        ("Args", ["lr", "amp"]), ("General", ["net/act"]),
    ]  # fmt: skip


def test_the_command_line_is_what_argparse_reads():
    words = shlex.split(copy_text(selected(DOCUMENT, sections=["Args"]), Copy.COMMAND_LINE))
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float)
    parser.add_argument("--layers", type=int, nargs="+")
    parser.add_argument("--amp", action="store_true")
    parser.add_argument("--off", action="store_true")
    parser.add_argument("--shift", type=int)
    parser.add_argument("--name")
    parser.add_argument("--classes", nargs="+")
    parser.add_argument("--seed", type=int)
    assert vars(parser.parse_args(words)) == {**TREE["Args"], "classes": ["cat", "dog"]}


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"TF_DEFINE": {"augment": Item("False", "bool"), "x": Item("True", "bool"),
                        "gpus": Item('["2", "3"]', "comma separated list of strings"),
                        "m": Item("[1, 2]", "multi int"), "model": Item("a b", "string")}},
         "--noaugment --x --gpus=2,3 --m=1 --m=2 '--model=a b'"),
        ({"Hydra": {"lr": Item("0.1", "str"), "data.seed": Item("3", "str"), "~db": Item("", None),
                    "_allow_omegaconf_edit_": Item("False", "bool")}},
         "lr=0.1 data.seed=3 '~db'"),
        ({"Args": {"lr": Item("0.5", "float"), "optimizer.betas": Item("[0.9]", "list/float"),
                   "amp": Item("False", "bool"), "seed": Item("", None)}},
         "--lr=0.5 '--optimizer.betas=[0.9]' --amp=false"),
        ({"Args": {"train": Item("True", "fire.Command"), "lr": Item("1", "fire.Arg.shared"),
                   "train/epochs": Item("3", "fire.Arg@train"),
                   "export": Item("False", "fire.Command"),
                   "export/path": Item("x", "fire.Arg@export")}},
         "--lr=1 train --epochs=3"),
        ({"Args": {"prepare": Item("True", "click.Command"),
                   "prepare/label": Item("('a', 'b')", "STRING"),
                   "prepare/split": Item("0.7", "FLOAT")}},
         "prepare --label=a --label=b --split 0.7"),
        ({"properties": {"owner": Item("bob")}, "Environment": {"HOME": Item("/")}}, ""),
    ],
)  # fmt: skip
def test_the_command_line_of_each_capture_system(document, line):
    assert copy_text(document, Copy.COMMAND_LINE).strip() == line


def test_env_reads_back_in_a_shell():
    document = {
        "Environment": {"A": Item("x y"), "B": Item("it's\n2 $(lines) `x`"), "C": Item("")},
        "Other": {"A": Item("again"), "n/m": Item("1"), "2": Item("two"), "l\n3": Item("x")},
    }
    text = copy_text(document, Copy.ENV)
    words = shlex.split(text, comments=True)
    assert dict(word.split("=", 1) for word in words) == {
        "A": "x y", "B": "it's\n2 $(lines) `x`", "C": "", "Other_A": "again", "n_m": "1",
        "_2": "two", "l_3": "x",
    }  # fmt: skip
    assert '# "Other/l\\n3"' in text


def test_the_sdk_call_sets_parameters_and_properties():
    called: dict[str, object] = {}

    class Task:
        @classmethod
        def get_task(cls, task_id):
            return cls()

        def update_parameters(self, parameters):
            called.update(parameters)

        def set_user_properties(self, **properties):
            called.update({f"properties/{name}": value for name, value in properties.items()})

    text = copy_text({**DOCUMENT, "properties": {"odd.name $": Item("a")}}, Copy.SDK_CALL)
    assert text.startswith("from clearml import Task\n")
    exec(text.removeprefix("from clearml import Task\n"), {"Task": Task})
    assert called["Args/lr"] == 1e-05 and called["General/net/dims"] == [1, 2]
    assert called["General/none"] is None and called["properties/odd.name $"] == "a"


@pytest.mark.parametrize("how", Copy)
def test_secrets_are_masked_unless_asked_otherwise(how):
    assert "hunter2" not in copy_text(SECRET, how)
    assert masked(SECRET)["Environment"]["API_TOKEN"].value == MASK
    if how is not Copy.COMMAND_LINE:  # of the environment nothing is on a command line
        assert MASK in copy_text(SECRET, how)
        assert "hunter2-of-mine" in copy_text(SECRET, how, reveal=True)


def test_names_that_are_both_value_and_level():
    items = {
        "a/b": Item("2", "int"),
        "a": Item("1", "int"),
        "c/d/e": Item("3", "int"),
        "/x/": Item("y"),
    }
    assert nested(items) == {"a": 1, "a/b": 2, "c": {"d": {"e": 3}}, "/x/": "y"}
    assert list(nested({"b": Item("1"), "a/x": Item("2"), "a/c": Item("3")})) == ["b", "a"]


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8) | st.text(
    "ab/", min_size=1, max_size=60
)
ITEMS = st.builds(
    Item,
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
    | st.sampled_from(["1", "True", "[1, 2]", "1e-4", "nan", "inf", '{"a": [1]}', ""]),
    st.sampled_from([None, "int", "float", "bool", "str", "list/int", "dict", "multi int"]),
)
DOCUMENTS = st.dictionaries(NAMES, st.dictionaries(NAMES, ITEMS, max_size=5), max_size=3)


@given(DOCUMENTS)
def test_any_document_reads_back(document):
    as_json = json.loads(copy_text(document, Copy.JSON, reveal=True))
    assert ast.literal_eval(copy_text(document, Copy.PYTHON, reveal=True)) == as_json
    as_yaml = yaml.safe_load(copy_text(document, Copy.YAML, reveal=True))
    assert list(as_yaml or {}) == list(as_json)
    for how in (Copy.COMMAND_LINE, Copy.ENV):
        shlex.split(copy_text(document, how, reveal=True), comments=how is Copy.ENV)
    ast.parse(copy_text(document, Copy.SDK_CALL, reveal=True))
