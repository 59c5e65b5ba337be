"""What is pasted goes where it belongs, and what we copied out comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.rules.copying import Copy, copy_text
from experiments.rules.document import Item
from experiments.rules.names import check_name
from experiments.rules.pasted_edits import Planned, State, dictionaries, planned
from experiments.rules.pasting import read_pasted
from experiments.rules.types import type_error, typed_value

DOCUMENT = {
    "Args": {
        "lr": Item("0.10", "float", "learning rate"), "amp": Item("False", "bool"),
        "layers": Item("[16, 8]", "list/int"), "batch-size": Item("8", "int"),
        "options": Item('{"a": {"b": 1}}', "dict"), "none": Item("", "int"),
        "nan": Item("nan", "float"), "api_key": Item("sk-abcdefghijklmnopqrst1234", "str"),
        "words": Item("it's\n2 $(lines) \"x\"", "str"), "both": Item("1", "int"),
    },
    "General": {"net/dims": Item("3", "int"), "net/name": Item("x", "str"),
                "both": Item("2", "int")},
    "properties": {"owner": Item("amy", "str")},
}  # fmt: skip


def plan_of(text, document=DOCUMENT, section=""):
    found = read_pasted(text, dictionaries(document, section))
    assert found.faults == []
    return planned(document, found.rows, section)


def one(text, section="", document=DOCUMENT):
    [found] = plan_of(text, document, section)
    return found


def applied(document, plan):
    result = {section: dict(items) for section, items in document.items()}
    for row in plan:
        assert row.state is not State.WRONG, row
        result.setdefault(row.section, {})[row.name] = row.new
    return result


@pytest.mark.parametrize(
    ("text", "section", "key"),
    [
        ("lr = 1", "", "Args/lr"), ("Args/lr = 1", "", "Args/lr"), ("new = 1", "", "General/new"),
        ("both = 3", "", "General/both"), ("net/dims = 4", "", "General/net/dims"),
        ("Mine/x = 1", "", "Mine/x"), ("owner = ben", "", "properties/owner"),
        ("Properties/owner = ben", "", "properties/owner"), ("new = 1", "Args", "Args/new"),
        ("net/dims = 4", "Args", "Args/net/dims"), ("Args/lr = 1", "Args", "Args/lr"),
        ("--batch-size 4", "", "Args/batch-size"), ("--noamp", "", "Args/amp"),
    ],
)  # fmt: skip
def test_where_a_name_goes(text, section, key):
    assert one(text, section).key == key


@pytest.mark.parametrize(
    ("text", "state", "item"),
    [
        ("lr = 0.2", State.CHANGES, Item("0.2", "float", "learning rate")),
        ("lr = 0.10", State.SAME, DOCUMENT["Args"]["lr"]),
        ("lr = 0.1", State.CHANGES, Item("0.1", "float", "learning rate")),
        ('{"Args": {"lr": 0.1}}', State.SAME, DOCUMENT["Args"]["lr"]),
        ('{"Args": {"lr": 3}}', State.CHANGES, Item("3", "float", "learning rate")),
        ('{"Args": {"lr": "fast"}}', State.RETYPES, Item("fast", "str", "learning rate")),
        ('{"Args": {"lr": null}}', State.CHANGES, Item("", "float", "learning rate")),
        ("seed = 3", State.NEW, Item("3", "int")),
        ('{"Args": {"seed": "3"}}', State.NEW, Item("3", "str")),
        ('{"Args": {"seed": null}}', State.NEW, Item("", None)),
        ('{"Args": {"options": {"a": {"b": 2}}}}', State.CHANGES, Item('{"a": {"b": 2}}', "dict")),
        ("--noamp", State.SAME, DOCUMENT["Args"]["amp"]),
        ("--amp", State.CHANGES, Item("True", "bool")),
    ],
)
def test_what_becomes_of_a_value(text, state, item):
    found = one(text)
    assert (found.state, found.new) == (state, item)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("lr = fast", "is a number"), ("Args/api_key = ••••••••", "is masked")],
)  # fmt: skip
def test_what_is_wrong_says_why(text, reason):
    found = one(text)
    assert found.state is State.WRONG
    assert reason in found.reason


def test_two_names_of_one_parameter():
    plan = plan_of("Args/lr = 1\nlr = 2")
    assert [row.state for row in plan] == [State.CHANGES, State.WRONG]


@pytest.mark.parametrize("how", [Copy.JSON, Copy.YAML, Copy.ENV])
def test_a_copy_of_the_whole_changes_nothing(how):
    plan = plan_of(copy_text(DOCUMENT, how))
    states = {row.key: row.state for row in plan if row.state is not State.SAME}
    assert states == {"Args/api_key": State.WRONG}
    revealed = plan_of(copy_text(DOCUMENT, how, reveal=True))
    assert {row.key for row in revealed} == {
        f"{section}/{name}" for section, items in DOCUMENT.items() for name in items
    }
    assert all(row.state is State.SAME for row in revealed)


@pytest.mark.parametrize("how", [Copy.JSON, Copy.YAML, Copy.ENV])
@pytest.mark.parametrize("bare", [True, False])
def test_a_copy_of_a_section_changes_nothing_in_it(how, bare):
    text = copy_text({"Args": DOCUMENT["Args"]}, how, bare=bare, reveal=True)
    plan = plan_of(text, section="Args")
    assert {row.key for row in plan} == {f"Args/{name}" for name in DOCUMENT["Args"]}
    assert {row.state for row in plan} == {State.SAME}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=20)
NAMES = (
    (
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
        | st.text("ab/.-_=:'# ", min_size=1, max_size=12)
        | st.text("ab", min_size=150, max_size=200)
    )
    .filter(str.strip)
    .map(lambda name: check_name(name, "name"))
)
SECTIONS = NAMES.map(lambda name: name.replace("/", "-").strip()).filter(
    lambda name: name and name.lower() != "properties"
)
ITEMS = st.one_of(
    st.builds(Item, TEXTS, st.sampled_from([None, "str"])),
    st.builds(Item, st.integers().map(str) | st.just(""), st.just("int")),
    st.builds(Item, st.floats().map(repr), st.just("float")),
    st.builds(Item, st.sampled_from(["True", "False", ""]), st.just("bool")),
    st.builds(Item, st.sampled_from(["[1, 2]", "[]", "[16]"]), st.just("list/int")),
    st.builds(Item, st.sampled_from(['{"a": 1}', '{"a": {"b": [1, "x"]}}']), st.just("dict")),
).filter(lambda item: type_error(item.value, item.type) is None)
DOCUMENTS = st.dictionaries(
    SECTIONS, st.dictionaries(NAMES, ITEMS, min_size=1, max_size=5), min_size=1, max_size=3
)


@settings(deadline=None)
@given(DOCUMENTS)
@pytest.mark.parametrize("how", [Copy.JSON, Copy.YAML, Copy.ENV])
def test_any_copy_pastes_back(how, document):
    """Onto what it was copied from it changes nothing; onto other values it brings them back."""
    text = copy_text(document, how, reveal=True)
    plan = plan_of(text, document)
    assert {row.key for row in plan} == {
        f"{section}/{name}" for section, items in document.items() for name in items
    }
    assert {row.state for row in plan} == {State.SAME}
    others = {
        section: {name: item._replace(value="" if item.type in {"int", "float", "bool"} else "?")
                  if item.type not in {"list/int", "dict"} else item
                  for name, item in items.items()}
        for section, items in document.items()
    }  # fmt: skip
    back = applied(others, plan_of(text, others))
    for section, items in document.items():
        for name, item in items.items():
            found = back[section][name]
            assert found.type == item.type
            one, other = (typed_value(each.value, each.type) for each in (found, item))
            assert repr(one) == repr(other), name


OPTION_NAMES = (
    st.text("abc_", min_size=1, max_size=6)
    .filter(lambda name: name.strip("_-"))
    .map(lambda name: f"x{name}")
)
OPTIONS = st.one_of(
    st.builds(Item, st.integers().map(str), st.just("int")),
    st.builds(Item, st.floats(allow_nan=False).map(repr), st.just("float")),
    st.builds(Item, TEXTS.filter(bool), st.just("str")),
    st.builds(Item, st.just("True"), st.just("bool")),
)


@settings(deadline=None)
@given(st.dictionaries(OPTION_NAMES, OPTIONS, min_size=1, max_size=6))
def test_a_command_line_pastes_back(items):
    """What a command line can carry: names of options, and values that are not empty."""
    document = {"Args": items}
    plan = plan_of(copy_text(document, Copy.COMMAND_LINE, reveal=True), document)
    assert {row.key for row in plan} == {f"Args/{name}" for name in items}
    assert {row.state for row in plan} == {State.SAME}


def test_a_plan_has_all_rows():
    assert Planned("a", "b", None, Item("1"), State.NEW).key == "a/b"
