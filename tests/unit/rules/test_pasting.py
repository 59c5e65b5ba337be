"""Pasted text becomes parameters; what cannot be understood is told with its place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.copying import Copy, copy_text
from experiments.rules.document import Item
from experiments.rules.pasting import MAX_LENGTH, MAX_ROWS, read_pasted


def rows(text):
    found = read_pasted(text)
    assert found.faults == []
    return [(row.name, row.value, row.type) for row in found.rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lr = 0.1\n\n# note\nname: a b\nn\t3", [("lr", "0.1", None), ("name", "a b", None),
                                                ("n", "3", None)]),
        ("lr=0.1", [("lr", "0.1", None)]),
        ("a =", [("a", "", None)]),
        ("url: http://x:80/a=b", [("url", "http://x:80/a=b", None)]),
        ("net/act/name = relu\r\nodd %$.x = 1\r\n", [("net/act/name", "relu", None),
                                                    ("odd %$.x", "1", None)]),
        ("export A=\"x \\\"y\\\"\\n\"\nB='$c'\nPATH=/a:/b",
         [("A", 'x "y"\n', "str"), ("B", "$c", "str"), ("PATH", "/a:/b", None)]),
        ('{"a": {"b": [1, 2], "c": null}, "d": true, "e": 1.5, "f": "x", "g": {}, "h": [1, "a"]}',
         [("a/b", "[1, 2]", "list/int"), ("a/c", "", ""), ("d", "True", "bool"),
          ("e", "1.5", "float"),
          ("f", "x", "str"), ("g", "{}", "dict"), ("h", '[1, "a"]', "list")]),
        ("model:\n  lr: 1e-5\n  on: true\n  who: ünï\nx: [1]",
         [("model/lr", "1e-05", "float"), ("model/on", "True", "bool"), ("model/who", "ünï", "str"),
          ("x", "[1]", "list/int")]),
        ("---\na: 1", [("a", "1", "int")]),
        ("--lr 0.1 --amp --layers 16 8 --shift -3 --name='a b' --kinds a b",
         [("lr", "0.1", None), ("amp", "True", "bool"), ("layers", "[16, 8]", None),
          ("shift", "-3", None), ("name", "a b", None), ("kinds", '["a", "b"]', None)]),
        ("python train.py \\\n  --learning-rate 0.1 \\\n  model=large +data.seed=3",
         [("learning_rate", "0.1", None), ("model", "large", None), ("data.seed", "3", None)]),
        ("\ufeffa = 1", [("a", "1", None)]),
        ("", []),
        ("  \n# only a comment\n", []),
    ],
)  # fmt: skip
def test_what_is_understood(text, found):
    assert rows(text) == found


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a = 1\n  nonsense", 2, 3, "name = value"),
        ("= 1", 1, 1, "a name"),
        ("a = 1\nb = 2\na = 3", 3, 1, "twice"),
        ('{"a":\n x}', 2, 2, "value"),
        ("[1, 2]", 1, 1, "names with values"),
        ("a:\n  b: 1\n c: [", 3, 2, ""),
        ('--a "b', 1, 1, "not closed"),
        ("x" * 2000 + " = 1", 1, 1, "at most 1024"),
        ("{" * 5000, 1, 2, ""),
        ("[" * 5000, 1, 1, "deeper"),
        ("a: &a\n  - *a\n  - x: 1", 1, 4, "itself"),
    ],
)
def test_what_is_not_understood_has_its_place(text, line, column, expected):
    fault = read_pasted(text).faults[0]
    assert (fault.line, fault.column) == (line, column), fault
    assert expected in fault.message


def test_a_fault_does_not_hinder_the_rest():
    found = read_pasted("a = 1\n???\nb = 2")
    assert [row.name for row in found.rows] == ["a", "b"]
    assert [row.line for row in found.rows] == [1, 3]
    assert len(found.faults) == 1


@pytest.mark.parametrize("text", ["a = \x00", "\ud800 = 1", "a = 1\n" * MAX_LENGTH])
def test_what_no_database_could_keep_is_refused(text):
    with pytest.raises(InvalidField) as caught:
        read_pasted(text)
    assert caught.value.field == "pasted text"


def test_a_null_or_half_a_character_inside_json_is_a_fault():
    assert "NUL" in read_pasted('{"a": "\\u0000"}').faults[0].message
    assert "surrogate" in read_pasted('{"\\ud800": 1}').faults[0].message


def test_many_rows_are_cut_with_a_word_about_it():
    found = read_pasted("\n".join(f"p{n} = {n}" for n in range(MAX_ROWS + 5)))
    assert len(found.rows) == MAX_ROWS
    assert "more than" in found.faults[0].message


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "\t" * 300_000, " " * 300_000 + "x", "a:" * 100_000, "- " * 100_000,
     "--a " * 80_000, "'" * 300_001, "x: {" * 50_000, "=" * 300_000, '"\\' * 100_000 + "=",
     " \n" * 150_000 + "--a", "a: \n  " * 40_000],
)  # fmt: skip
def test_hostile_text_is_answered_soon(text):
    begun = time.monotonic()
    read_pasted(text)
    assert time.monotonic() - begun < 20


DOCUMENT = {
    "General": {
        "lr": Item("0.1", "float"), "net/dims": Item("[1, 2]", "list/int"), "n": Item("3", "int"),
        "on": Item("True", "bool"), "name": Item("a 'b' \"c\"", "str"), "none": Item("", None),
    }
}  # fmt: skip


@pytest.mark.parametrize("how", [Copy.JSON, Copy.YAML])
def test_what_is_copied_can_be_pasted(how):
    found = read_pasted(copy_text(DOCUMENT, how, bare=True))
    assert found.faults == []
    assert {row.name: Item(row.value, row.type or None) for row in found.rows} == DOCUMENT[
        "General"
    ]


@given(
    st.text(max_size=120)
    | st.text(alphabet="ab=:{}[]\"'\n\t -#&*!|>%,.1/\\", max_size=120)
    | st.lists(st.sampled_from(["a", "=", ": ", "--x", "{", "}", '"', "\n", "  ", "- ", "1"])).map(
        "".join
    )
)
def test_any_text_gets_an_answer(text):
    try:
        found = read_pasted(text)
    except InvalidField:
        return
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in found.faults)
    assert len({row.name for row in found.rows}) == len(found.rows)
