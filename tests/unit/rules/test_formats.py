"""Formats of configuration objects: found, read within limits, faults told with their place."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.formats.check import check
from experiments.rules.formats.detection import Format, detect
from experiments.rules.formats.problems import Problem
from experiments.rules.formats.tree import MAX_LENGTH, read

WRITTEN_BY_THE_SDK = 'k {\n  n = 1\n  "x.y" = "1.50"\n}\nlist = [1, 2]\nnone = null\non = true'


@pytest.mark.parametrize(
    ("text", "type_", "name", "found"),
    [
        ("a = 1", "dictionary", "General", Format.HOCON),
        ("anything", "yaml", "x.json", Format.YAML),
        ("a: 1", "OmegaConf YAML", "OmegaConf", Format.YAML),
        ("anything", None, "conf/model.TOML", Format.TOML),
        ("anything", "txt", "notes.txt", Format.TEXT),
        (WRITTEN_BY_THE_SDK, None, "General", Format.HOCON),
        ("lr = 0.2", "", "General", Format.HOCON),
        ('{"a": 1}', None, "a", Format.JSON),
        ("[1, 2]", None, "a", Format.JSON),
        ("{}", None, "a", Format.JSON),
        ("{a = 1}", None, "a", Format.HOCON),
        ("# c\nmodel:\n  a: 1", None, "a", Format.YAML),
        ("- a\n- b", None, "a", Format.YAML),
        ('[tool]\nname = "x"\nn = 3', None, "a", Format.TOML),
        ("[tool]\nname = plain words", None, "a", Format.INI),
        ("<?xml version='1.0'?><a/>", None, "a", Format.XML),
        ("only some words", None, "a", Format.TEXT),
        ("", None, "a", Format.TEXT),
    ],
)
def test_which_format(text, type_, name, found):
    assert detect(text, type_, name) == found


@pytest.mark.parametrize(
    ("format_", "text", "tree"),
    [
        (Format.JSON, '{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        (Format.YAML, "a: 1\nb: [1.5, x, null, true]\n", {"a": 1, "b": [1.5, "x", None, True]}),
        (Format.YAML, "lr: 1e-5\non: '1e-5'", {"lr": 1e-5, "on": "1e-5"}),
        (Format.YAML, "when: 2026-01-02\nenv: !ENV x", {"when": "2026-01-02", "env": "x"}),
        (Format.YAML, "a: &x {k: 1, j: 2}\nb: {<<: *x, j: 3}",
         {"a": {"k": 1, "j": 2}, "b": {"k": 1, "j": 3}}),
        (Format.YAML, "a: 1\n---\nb: 2", [{"a": 1}, {"b": 2}]),
        (Format.YAML, "# nothing", None),
        (Format.TOML, "a = 1\n[t]\nd = 2026-01-02\nb = [true]",
         {"a": 1, "t": {"d": "2026-01-02", "b": [True]}}),
        (Format.INI, "[A]\nName = x ; y\nempty\n", {"A": {"Name": "x ; y", "empty": None}}),
        (Format.HOCON, WRITTEN_BY_THE_SDK,
         {"k": {"n": 1, "x.y": "1.50"}, "list": [1, 2], "none": None, "on": True}),
        (Format.HOCON, "a.b = 1\na.c = 2 // c\n", {"a": {"b": 1, "c": 2}}),
        (Format.HOCON, "a { b : 1 }\na { c : 2 }", {"a": {"b": 1, "c": 2}}),
        (Format.HOCON, "{a: [1\n2\n3,]}", {"a": [1, 2, 3]}),
        (Format.HOCON, "a = two words # c", {"a": "two words"}),
        (Format.HOCON, "a = 10 seconds\nb = ${a} more", {"a": "10 seconds", "b": "${a} more"}),
        (Format.HOCON, 'a = """x "quoted" y"""', {"a": 'x "quoted" y'}),
        (Format.HOCON, "a = [1]\na += 2", {"a": [1, 2]}),
        (Format.HOCON, "[1, {a = 2}]", [1, {"a": 2}]),
        (Format.HOCON, "", {}),
        (Format.HOCON, "included = 1\ninclude = 2", {"included": 1, "include": 2}),
    ],
)  # fmt: skip
def test_the_tree_keeps_types(format_, text, tree):
    found = read(text, format_)
    assert found.problem is None and found.readable
    assert repr(found.tree) == repr(tree)


def test_dates_and_tags_of_python_are_never_made():
    assert read("a: !!python/object/apply:os.system [x]", Format.YAML).tree == {"a": ["x"]}


@pytest.mark.parametrize(
    ("format_", "text", "line", "column"),
    [
        (Format.JSON, '{"a":\n x}', 2, 2),
        (Format.JSON, "[" * 100_000, 1, 1),
        (Format.JSON, "[" * 150 + "]" * 150, 1, 1),
        (Format.JSON, "9" * 5000, 1, 1),
        (Format.YAML, "a: 1\na: 2", 2, 1),
        (Format.YAML, "a: 1\n b: [", 2, 3),
        (Format.YAML, "a: \x07", 1, 4),
        (Format.YAML, "[" * 100_000, 1, 101),
        (Format.YAML, "- " * 5000 + "x", 1, 201),
        (Format.YAML, "a: &a [*a]", 1, 4),
        (Format.YAML, "? [1]\n: 2", 1, 3),
        (Format.TOML, "a = 1\nb =", 2, 4),
        (Format.TOML, "a = " + "[" * 5000, 1, 1),
        (Format.INI, "x = 1", 1, 1),
        (Format.INI, "[a]\nx = 1\nx = 2", 3, 1),
        (Format.HOCON, "a = 1\nb = ", 2, 5),
        (Format.HOCON, "a {\n  b = 1\n", 1, 3),
        (Format.HOCON, "a = 1\nb", 2, 2),
        (Format.HOCON, 'a = "x\n"', 1, 5),
        (Format.HOCON, "a = 1 }", 1, 7),
        (Format.HOCON, "[" * 100_000, 1, 102),
        (Format.HOCON, "a = 1\ninclude file(\"/etc/passwd\")", 2, 1),
        (Format.HOCON, 'a { include "http://127.0.0.1/x" }', 1, 5),
        (Format.HOCON, 'INCLUDE required(url("file:///etc/passwd"))', 1, 1),
    ],
)  # fmt: skip
def test_a_fault_has_its_place(format_, text, line, column):
    problem = check(text, format_)
    assert problem is not None
    assert (problem.line, problem.column) == (line, column), problem
    assert problem.message and "\n" not in problem.message


def test_nothing_that_a_text_names_is_opened(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("opened")

    included = tmp_path / "included.conf"
    included.write_text("secret = 1")
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    monkeypatch.setattr("socket.socket", refuse)
    texts = [
        f'include "{included}"',
        f'a = 1\ninclude file("{included}")',
        'include url("http://h/")',
    ]
    texts += [f"a: !include {included}", f'"$ref": "{included}"', f"%include {included}"]
    for text in texts:
        for format_ in Format:
            assert "secret" not in repr(read(text, format_))


def test_aliases_cannot_multiply():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    begun = time.monotonic()
    assert check("\n".join(lines), Format.YAML).message == "aliases make this too large"
    merges = ["a0: &a0 {k: 1}"]
    merges += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]
    assert check("\n".join(merges), Format.YAML).message == "aliases make this too large"
    assert time.monotonic() - begun < 30


def test_what_is_too_long_is_not_read():
    for format_, length in MAX_LENGTH.items():
        found = read(" " * (length + 1), format_)
        assert (found.problem, found.readable) == (None, False)
    assert read("x", Format.TEXT).readable is False


LEAVES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False)
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=12)
TREES = st.recursive(
    LEAVES | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_json_and_yaml_are_read_as_they_were_written(tree):
    if not math.isinf(tree if isinstance(tree, float) else 0):
        assert repr(read(json.dumps(tree), Format.JSON).tree) == repr(json.loads(json.dumps(tree)))
    text = yaml.safe_dump({"tree": tree}, sort_keys=False, allow_unicode=True)
    again = read(text, Format.YAML)
    # An empty key is written as `? ''`; a text like 1e5 without quotes reads as a number.
    assert again.problem is None
    if "e" not in json.dumps(tree).lower():
        assert repr(again.tree) == repr(yaml.safe_load(text))


@given(
    text=st.text(max_size=80)
    | st.text(alphabet='abc=:{}[]",.\n #/$\\+-1e&*!<>|\t%', max_size=80)
    | TREES.map(json.dumps),
    format_=st.sampled_from(Format),
)
def test_any_text_gets_an_answer(text, format_):
    found = read(text, format_)
    assert found.problem is None or isinstance(found.problem, Problem)
    assert found.problem is None or (found.problem.line >= 1 and found.problem.column >= 1)
    detect(text, None, "x")


def made_up(chance: random.Random, depth: int = 0) -> object:
    if depth < 3 and chance.random() < 0.4:
        if chance.random() < 0.5:
            return [made_up(chance, depth + 1) for _ in range(chance.randrange(4))]
        return {
            chance.choice(["a", "x.y", "a b", "k/v", "ключ", "n1", "3", "1.5", "a-b", "$x", "a:b"])
            + chance.choice(["", "_2"]): made_up(chance, depth + 1)
            for _ in range(chance.randrange(4))
        }
    return chance.choice(
        [None, True, False, 0, -3, 2.5, 1e-07, 1e300, "text", 'a "b" \\ c', "two\nlines",
         "1.50", "true", "null", "# no", "a # b", "${x}", "${?y} z", "10s", "tab\t", "[1", "{a}",
         "é😀", " x "]
    )  # fmt: skip


def test_dictionaries_as_the_sdk_writes_them():
    """Read as the SDK itself reads them; but it drops empty texts from lists."""
    chance = random.Random(3)
    dictionaries = [{"v": made_up(chance), "w": made_up(chance)} for _ in range(150)]
    reading = Path(__file__).with_name("hocon_reading.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(reading)],
        input=json.dumps(dictionaries), capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    written = json.loads(done.stdout)
    assert len(written) > 100
    for text, read_by_sdk in written:
        assert repr(read(text, Format.HOCON).tree) == repr(read_by_sdk), text
