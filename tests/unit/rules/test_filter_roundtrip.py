from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.fields import Builtin, Parameter
from experiments.rules.filters import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Contains,
    Exists,
    In,
    Literal,
    Matches,
    Node,
    Not,
    Or,
    Words,
    all_of,
    any_of,
    conjuncts,
    normalise,
    parse,
    to_text,
    without,
)
from tests.unit.rules.filter_strategies import leaves, thorough, trees

LR, OWNER = Parameter("Args", "lr"), Parameter("properties", "owner")
A, B, C = Words("a"), Words("b"), Words("c")


@thorough
@given(trees)
def test_a_tree_survives_being_written(tree: Node) -> None:
    assert parse(to_text(tree)) == normalise(tree)


@thorough
@given(trees)
def test_normalising_twice_changes_nothing(tree: Node) -> None:
    once = normalise(tree)
    assert normalise(once) == once
    assert hash(normalise(tree)) == hash(once)


@thorough
@given(trees)
def test_a_written_filter_is_written_the_same_again(tree: Node) -> None:
    text = to_text(tree)
    assert to_text(parse(text)) == text


@thorough
@given(st.lists(leaves, max_size=6), st.data())
def test_chips_are_the_whole_filter(parts: list[Node], data: st.DataObject) -> None:
    tree = all_of(*parts)
    chips = conjuncts(tree)
    assert all_of(*chips) == tree
    assert parse(" and ".join(f"({to_text(chip)})" for chip in chips)) == tree
    if chips:
        index = data.draw(st.integers(0, len(chips) - 1))
        assert without(tree, index) == all_of(*chips[:index], *chips[index + 1 :])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        ("  \n ", ""),
        ("resnet PROD", "resnet and PROD"),
        ("a or b c", "a or b and c"),
        ("(a or b) c", "(a or b) and c"),
        ("((a))", "a"),
        ("a and (b and (c))", "a and b and c"),
        ("a or (b or c)", "a or b or c"),
        ("not not a", "not not a"),
        ("NOT(a AND b)", "not (a and b)"),
        ("Args/lr<1e-3", "Args/lr < 1e-3"),
        ("Args/lr==1", "Args/lr = 1"),
        ("Args/lr<>1", "Args/lr != 1"),
        ("tag=prod", "tags = prod"),
        ("tags = 2024", 'tags = "2024"'),
        ("status = stopped", "status = aborted"),
        ("status in(DRAFT,'running')", "status in (draft, running)"),
        ("status not in (failed)", "not status in (failed)"),
        ("Args/lr not in (1,2)", "Args/lr not in (1, 2)"),
        ("Args/lr in (1, 1, 2)", "Args/lr in (1, 2)"),
        ("Args/lr in ()", "Args/lr in ()"),
        ("properties/owner !~ amy", 'properties/owner !~ "amy"'),
        ("properties/owner not matches '^a'", 'properties/owner not matches "^a"'),
        ("properties/owner not exists", "properties/owner missing"),
        ("properties/owner not missing", "properties/owner exists"),
        ("properties/owner exists and not properties/owner in (a)", "properties/owner not in (a)"),
        ("name !~ x", 'not name ~ "x"'),
        ("owner/`odd name` = 'it''s'", 'owner/`odd name` = "it\'s"'),
        ('name = "say ""hi"""', "name = 'say \"hi\"'"),
        ("don't", '"don\'t"'),
        ("'and'", '"and"'),
        ("max( accuracy/total )>=.9", "max(accuracy/total) >= .9"),
    ],
)
def test_a_typed_filter_is_written_in_one_way(typed: str, written: str) -> None:
    assert to_text(parse(typed)) == written
    assert parse(written) == parse(typed)


def test_the_example_of_the_manual_survives() -> None:
    text = (
        'Args/lr < 1e-3 and (properties/owner = "amy" or tags = prod) '
        "and not status in (failed, aborted) and max(accuracy/total) >= 0.9"
    )
    assert to_text(parse(text)) == text


def test_nothing_and_everything_have_a_place_in_every_tree() -> None:
    assert all_of() == EVERYTHING
    assert any_of() == NOTHING
    assert normalise(Or((A, EVERYTHING))) == EVERYTHING
    assert normalise(And((A, EVERYTHING))) == A
    assert normalise(Not(EVERYTHING)) == NOTHING
    assert parse(to_text(NOTHING)) == NOTHING


def test_flattening_keeps_the_order() -> None:
    assert all_of(A, all_of(B, C)) == And((A, B, C))
    assert any_of(any_of(A, B), C) == Or((A, B, C))
    assert all_of(any_of(A, B)) == Or((A, B))


@pytest.mark.parametrize(
    "condition",
    [In(OWNER, (Literal("a"),)), Contains(OWNER, "a"), Matches(OWNER, "a")],
)
def test_a_negated_operator_is_one_chip(condition: In | Contains | Matches) -> None:
    pair = all_of(Exists(OWNER), Not(condition))
    assert conjuncts(all_of(A, pair, B)) == (A, pair, B)
    assert without(all_of(A, pair, B), 1) == And((A, B))
    for around in (pair, Not(pair), any_of(A, pair), all_of(Exists(LR), pair)):
        assert parse(to_text(around)) == around


def test_exists_beside_another_negation_stays_itself() -> None:
    tree = And((Exists(LR), Not(Contains(OWNER, "a"))))
    assert to_text(tree) == 'Args/lr exists and not properties/owner ~ "a"'
    tree = And((Exists(Builtin("name")), Not(Contains(Builtin("name"), "a"))))
    assert to_text(tree) == 'name exists and not name ~ "a"'


def test_literals_that_cannot_stand_bare_are_quoted() -> None:
    assert Literal("two words") == Literal("two words", quoted=True)
    assert Literal("AND").quoted
    assert not Literal("amy").quoted
    assert Literal("1") != Literal("1", quoted=True)
    assert to_text(Compare(LR, "=", Literal("1", quoted=True))) == 'Args/lr = "1"'
