"""Types are a contract, and the real SDK reads every accepted text as the value shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.types import (
    Kind,
    Recorded,
    infer_type,
    input_kind,
    read_type,
    sdk_value,
    type_error,
    typed_value,
)

READING = Path(__file__).with_name("sdk_reading.py")
TYPES = [
    None, "", "int", "float", "bool", "str", "list", "tuple", "dict", "list/int", "list/float",
    "list/str", "list/bool", "list/list", "list/dict", "list/NoneType", "tuple/int",
    "tuple/float", "tuple/str", "dict/int", "dict/str", "dict/list", "INT", "FLOAT", "BOOL",
    "STRING", "integer", "string", "NoneType", "UUID", "fire.Arg.shared", "fire.Arg@train",
    "fire.Command", "click.Command", "jsonargparse.Command", "jsonargparse_path", "legacy",
    "<IntRange 0<=x<=10>", "<FloatRange 0<=x<1>", "Choice(['1', 'a'])", "multi int",
    "multi float", "multi string", "comma separated list of strings", "string enum", "Path",
    "typing.Optional[int]", "int | None", "List[int]", "Dict[str, float]", "<class 'float'>",
]  # fmt: skip
TEXTS = [
    "", " ", "None", "null", "0", "1", "-3", "+3", "007", "1_000", "3.0", "3.", ".5", "1e-4", "1E5",
    "1e5", "-1e-07", "inf", "-inf", "Infinity", "nan", "NaN", "1e999", "1e-400", "0e-9", "0x10",
    "9" * 30, "9" * 5000, "0." + "1" * 60, "١", " 3", "3 ", "3\n", "True", "False", "true", "FALSE",
    "yes", "no", "on", "maybe", "2", "a", "word word", "ü😀", "'quoted'", '"quoted"', "a, b", "a,b",
    "[]", "{}", "()", "[1]", "[1, 2]", "[ 1,2 ]", "[1, 2.5]", "[1e-5]", "[1e5]", "[1E5]", "[1.5e3]",
    "[NaN]", "[Infinity]", "[.inf]", "[null]", "[None]", "[true, false]", "[True, False]",
    '["a", "b"]', "['a', 'b']", "[a, b]", '["1", "2"]', "['it\\'s']", '["\\ud83d\\ude00"]',
    '["😀"]', '["a, b", "[c]"]', "[[1, 2], [3]]", "[[1], [[2]]]", "((1, 2), (3, 4))", "(1, 2)",
    "(1,)", "('x',)", "[(1, 2)]", '{"a": 1}', "{'a': 1}", '{"a": {"b": [1, null]}}', "{a: 1}",
    '{"a": 1, "a": 2}', '{"a": "1"}', "[[1, 2]]", '[["a", 1]]', '{"a": [1]}', "{1: 2}", "{1, 2}",
    "[1, 2", "1, 2]", "[1]]", "[1,]", "[,]", "[1:30]", "[0o7]", "[010]", "[0b1]", "[1_000]",
    "[2026-01-02]", "[yes]", "[~]", "[-0.0]", "[+1]", "[.5]", "[5.]", "- 1\n- 2", "a: 1",
    "[1, 2] # c", "[!!python/name:os.system]", "[&a 1, *a]", '["<<", "*"]', '["\\u0000"]',
    '["tab\\tbed"]', '["http://a:b/#c"]', '["\\/"]', "[\n1,\n2\n]", '["a\\nb"]', '["\x85"]',
    "[" * 200 + "]" * 200, "[" * 5000, json.dumps(list(range(9000))), "\u2028", "x" * 100_000,
]  # fmt: skip
KNOWN_TO_THE_SDK = [
    None, "int", "float", "bool", "str", "list", "tuple", "dict", "list/int", "list/float",
    "list/str", "list/list", "tuple/int", "dict/int", "dict/list", "INT", "BOOL", "string",
    "fire.Arg.shared", "multi int",
]  # fmt: skip
CASES = [(text, type_) for type_ in KNOWN_TO_THE_SDK for text in TEXTS if len(text) < 20_000]


@pytest.fixture(scope="module")
def sdk() -> dict[tuple[str, str | None], dict[str, object]]:
    """What the real SDK makes of every text under every type."""
    # 5,000 digits are no number for Python, and brackets 5,000 deep no text for PyYAML.
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(READING)],
        input=json.dumps(CASES), capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


def accepted() -> list[tuple[str, str | None]]:
    return [case for case in CASES if case[0] and type_error(*case) is None]


def accepted_as(type_: str, before: str | None = None) -> list[str]:
    texts = [text for text, of in CASES if of == type_ and text]
    return [text for text in texts if type_error(text, type_, before=before) is None]


def test_the_mirror_shows_what_the_sdk_does(sdk):
    for text, type_ in CASES:
        if text.count("[") < 50 and "<<" not in text:
            assert repr(sdk_value(text, type_)) == sdk[text, type_]["cast"], (text[:80], type_)


def test_an_accepted_text_is_cast_to_the_value_shown(sdk):
    of_the_sdk = {"int", "float", "bool", "str", "list", "tuple", "dict"}
    checked = 0
    for text, type_ in accepted():
        if type_ and (type_.partition("/")[0] in of_the_sdk or type_ in {"INT", "FLOAT", "BOOL"}):
            shown = typed_value(text, type_)
            shown = tuple(shown) if type_.startswith("tuple") else shown
            assert repr(shown) == sdk[text, type_]["cast"], (text[:80], type_)
            checked += 1
    assert checked > 250


def test_an_accepted_text_is_connected_as_the_value_shown(sdk):
    for text, type_ in accepted():
        shown = typed_value(text, type_)
        shown = tuple(shown) if (type_ or "").startswith("tuple") else shown
        assert set(sdk[text, type_]["connected"]) <= {repr(shown)}, (text[:80], type_)


@pytest.mark.parametrize("type_", ["int", "float", "bool", "str"])
def test_an_accepted_text_is_parsed_as_the_value_shown(sdk, type_):
    for text in accepted_as(type_):
        assert sdk[text, type_]["parsed"] == repr(typed_value(text, type_)), text[:80]


def test_the_word_none_is_a_text(sdk):
    assert sdk["None", "str"] == {
        "cast": "'None'", "connected": ["'None'"], "parsed": "'None'", "parsed list": "[None]"
    }  # fmt: skip


@pytest.mark.parametrize(("type_", "item"), [("int", int), ("float", float)])
def test_an_accepted_list_under_the_type_of_its_items_is_parsed_as_shown(sdk, type_, item):
    texts = accepted_as(type_, before="[16, 8]")
    for text in texts:
        shown = [item(each) for each in typed_value(text, type_)]
        assert sdk[text, type_]["parsed list"] == repr(shown), text[:80]
    assert len(texts) >= 5


def test_what_no_value_becomes(sdk):
    found = {type_: sdk["", type_] for type_ in (None, "int", "float", "bool", "str")}
    assert {type_: each["cast"] for type_, each in found.items()} == {
        None: "None", "int": "''", "float": "''", "bool": "False", "str": "''",
    }  # fmt: skip
    assert {type_: each["connected"] for type_, each in found.items()} == {
        None: [], "int": ["None", "None"], "float": ["None", "None"],
        "bool": ["False", "False"], "str": ["''"],
    }  # fmt: skip
    assert [found[type_]["parsed"] for type_ in ("int", "float", "str")] == ["None"] * 3


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("3.0", "int", "whole number"), ("1e3", "int", "whole number"),
        ("9" * 5000, "int", "whole number"), ("None", "int", "leave it empty"),
        ("a", "float", "number"), ("1e999", "float", "number"), ("1e-400", "float", "number"),
        ("None", "float", "leave it empty"), ("maybe", "bool", "True or False"),
        ("1", "bool", "True or False"), ("yes", "BOOL", "True or False"),
        ("None", "bool", "leave it empty"), ("1, 2", "list/int", "list of whole numbers"),
        ("[1, true]", "list/int", "True"), ("", "list", "list"), ("a,b", "multi string", "texts"),
        ("[1", "dict", "dictionary"), ("[]", "dict/int", "dictionary of whole numbers"),
        ("[[1, 2]]", "dict", "dictionary"), ("{'a': 1}", "dict", '{"a": 1}'),
        ("[1e5]", "list", "[100000.0]"), ("x", "NoneType", "another type"),
        ("{", "jsonargparse_path", "JSON"), ("c", "Choice(['a', 'b'])", "one of a, b"),
        ("11x", "<IntRange 0<=x<=10>", "whole number"), ("x", "typing.Optional[int]", "whole"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_expected(text, type_, expected):
    message = type_error(text, type_)
    assert message is not None and expected in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("type_", "description", "recorded"),
    [
        ("int", None, Recorded(Kind.INTEGER)),
        ("INT", "default: 3", Recorded(Kind.INTEGER)),
        ("<FloatRange x>=1>", None, Recorded(Kind.NUMBER)),
        ("list/int", None, Recorded(Kind.LIST, Kind.INTEGER)),
        ("tuple/float", None, Recorded(Kind.LIST, Kind.NUMBER)),
        ("dict", None, Recorded(Kind.DICTIONARY)),
        ("multi float", None, Recorded(Kind.LIST, Kind.NUMBER)),
        ("Optional[list[int]]", None, Recorded(Kind.LIST, Kind.INTEGER)),
        ("Choice([\"it's\", 'b'])", "of it", Recorded(Kind.CHOICE, choices=("it's", "b"))),
        ("string enum", "<train|test>: what to do",
         Recorded(Kind.CHOICE, choices=("train", "test"))),
        ("str", "choices: ['adam', 'sgd'], default: adam",
         Recorded(Kind.CHOICE, choices=("adam", "sgd"))),
        ("int", "choices: [1, 2], default: 1", Recorded(Kind.CHOICE, choices=("1", "2"))),
        ("Color", "Values:\nRED,\nBLUE", Recorded(Kind.CHOICE, choices=("RED", "BLUE"))),
        ("enum class", "<red|blue>: which\nValues:\nRED,\nBLUE",
         Recorded(Kind.CHOICE, choices=("RED", "BLUE"))),
        ("str", "Values:\nRED", Recorded(Kind.TEXT)),
        ("str", "choices: [__import__('os')], default: x", Recorded(Kind.TEXT)),
        ("fire.Arg@train", "x", Recorded(Kind.OTHER)),
        (None, None, Recorded(Kind.OTHER)),
    ],
)  # fmt: skip
def test_what_a_recorded_type_stands_for(type_, description, recorded):
    assert read_type(type_, description) == recorded


def test_a_list_recorded_under_the_type_of_its_items():
    assert type_error("[8]", "int", before="[16, 8]") is None
    assert type_error("('a',)", "STRING", before="('x',)") is None
    assert type_error("(8,)", "INT", before="(16, 8)") is None
    assert type_error("", "int", before="[16, 8]") is None
    assert type_error("[8]", "int", before="") is None
    for text, before in [("8", "[16]"), ("[8.5]", "[16]"), ("(8,)", "[16]"), ("[8]", "16")]:
        assert type_error(text, "int", before=before) is not None


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("1", "int"), ("-3", "int"), ("007", "str"), ("1_000", "str"), ("1.5", "float"),
        ("1e-4", "float"), ("nan", "str"), ("True", "bool"), ("false", "bool"), ("yes", "str"),
        ("", "str"), ("None", "str"), ("[1, 2]", "list/int"), ('["a"]', "list/str"),
        ("[1, 2.5]", "list"), ("[]", "list"), ("(1, 2)", "tuple/int"), ('{"a": 1}', "dict/int"),
        ("{}", "dict"), ("[null]", "list"), ("[", "str"), ("[1e5]", "str"), ("{'a': 1}", "str"),
        ("1e999", "str"), ("9" * 5000, "str"),
    ],
)  # fmt: skip
def test_the_type_of_a_new_parameter(text, type_):
    assert infer_type(text) == type_


@pytest.mark.parametrize(
    ("type_", "text", "kind"),
    [
        ("int", "3", "number"), ("FLOAT", "", "number"), ("int", "[16, 8]", "text"),
        ("bool", "True", "choice"), ("Choice(['a'])", "a", "choice"), ("str", "a", "text"),
        ("str", "a\nb", "lines"), ("list/int", "[1]", "text"), (None, "x" * 100, "lines"),
        ("dict", None, "text"),
    ],
)  # fmt: skip
def test_the_field_for_a_type(type_, text, kind):
    assert input_kind(type_, text) == kind


TYPE_NAMES = st.sampled_from(TYPES) | st.text(max_size=30)
HOSTILE = (
    st.text(max_size=60)
    | st.text(alphabet="[]{}()\"',:0123456789.eE+-_ \\nulltrefas&*<!", max_size=60)
    | st.sampled_from(TEXTS)
)


@given(text=HOSTILE, type_=TYPE_NAMES, before=st.none() | HOSTILE, description=HOSTILE)
def test_any_text_is_judged_without_an_exception(text, type_, before, description):
    message = type_error(text, type_, before=before, description=description)
    assert message is None or len(message) < 1_000
    typed_value(text, type_, description)
    assert input_kind(type_, text, description) in {"number", "choice", "text", "lines"}


@given(text=HOSTILE)
def test_an_inferred_type_accepts_its_text(text):
    assert type_error(text, infer_type(text)) is None
