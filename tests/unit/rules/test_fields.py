from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.fields import (
    BUILTINS,
    MAX_LIST_LENGTH,
    SOMETIMES_MISSING,
    UNLISTED,
    Builtin,
    Derived,
    Field,
    Metric,
    OrderTerm,
    Parameter,
    columns_text,
    field_text,
    may_be_missing,
    order_text,
    parse_columns,
    parse_field,
    parse_order,
)
from tests.unit.rules.filter_strategies import fields, texts, thorough


@pytest.mark.parametrize("name", [*BUILTINS, *UNLISTED])
def test_every_builtin_is_written_as_its_name(name: str) -> None:
    assert parse_field(name) == Builtin(name)
    assert field_text(Builtin(name)) == name


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("tag", Builtin("tags")),
        ("comment", Builtin("description")),
        ("Status", Builtin("status")),
        ("  name  ", Builtin("name")),
        ("Args/lr", Parameter("Args", "lr")),
        ("Args/model/encoder/dim", Parameter("Args", "model/encoder/dim")),
        ("properties/owner", Parameter("properties", "owner")),
        ("General/a.b$c-d", Parameter("General", "a.b$c-d")),
        ("`odd name`/x", Parameter("odd name", "x")),
        ("`a/b`/c", Parameter("a/b", "c")),
        ("Args/`a b`/c", Parameter("Args", "a b/c")),
        ("Args/`tick``tick`", Parameter("Args", "tick`tick")),
        ("``/``", Parameter("", "")),
        ("max/x", Parameter("max", "x")),
        ("max(accuracy/total)", Metric("accuracy", "total", "max")),
        ("MIN ( loss/val/top1 )", Metric("loss", "val/top1", "min")),
        ("last(`a/b`/`(c)`)", Metric("a/b", "(c)", "last")),
    ],
)
def test_a_text_names_a_field(text: str, field: Field) -> None:
    assert parse_field(text) == field


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Parameter("Args", "lr"), "Args/lr"),
        (Parameter("Args", "a/b"), "Args/a/b"),
        (Parameter("a/b", "c"), "`a/b`/c"),
        (Parameter("Args", "learning rate"), "Args/`learning rate`"),
        (Parameter("Args", "a,b"), "Args/`a,b`"),
        (Parameter("-Args", "x"), "`-Args`/x"),
        (Parameter("Args", "größe"), "Args/größe"),
        (Parameter("Args", "zero\u200bwidth"), "Args/`zero\u200bwidth`"),
        (Parameter("Args", ""), "Args/``"),
        (Metric("loss", "val (top 1)", "min"), "min(loss/`val (top 1)`)"),
    ],
)
def test_a_field_is_quoted_only_where_it_must_be(field: Field, text: str) -> None:
    assert field_text(field) == text
    assert parse_field(text) == field


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a column"),
        ("lr", "“lr” is not a column"),
        ("`name`", "“name” is not a column"),
        ("Args/`lr", "never closed"),
        ("max(accuracy)", "max(metric/variant)"),
        ("max(accuracy/total", "never closed"),
        ("mean(accuracy/total)", "“mean” is not a column"),
        ("name name", "“name” follows"),
        ("a\0b/c", "U+0000"),
        ("a\ud800/c", "U+D800"),
    ],
)
def test_a_text_that_names_no_field_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidField) as caught:
        parse_field(text)
    assert says in caught.value.detail


@thorough
@given(fields)
def test_every_field_survives_being_written(field: Field) -> None:
    assert parse_field(field_text(field)) == field


@thorough
@given(st.lists(fields, max_size=6).map(tuple))
def test_columns_survive_being_written(columns: tuple[Field, ...]) -> None:
    assert parse_columns(columns_text(columns)) == columns


@thorough
@given(st.lists(st.builds(OrderTerm, fields, st.booleans()), max_size=6).map(tuple))
def test_an_order_survives_being_written(order: tuple[OrderTerm, ...]) -> None:
    assert parse_order(order_text(order)) == order


@thorough
@given(texts)
def test_any_text_is_a_field_or_refused(text: str) -> None:
    try:
        field = parse_field(text)
    except InvalidField as error:
        assert error.detail
    else:
        assert parse_field(field_text(field)) == field


def test_empty_places_of_a_list_are_ignored() -> None:
    assert parse_columns("") == ()
    assert parse_columns(" , name,, Args/lr ,") == (Builtin("name"), Parameter("Args", "lr"))


def test_a_minus_means_descending_in_an_order_only() -> None:
    lr = Parameter("Args", "lr")
    assert parse_order("-Args/lr, name") == (OrderTerm(lr, True), OrderTerm(Builtin("name")))
    assert parse_columns("-Args/lr") == (Parameter("-Args", "lr"),)


@pytest.mark.parametrize("text", ["name name", "nonsense", "`", "x\0/y", "a" * 20_000])
def test_a_bad_list_is_refused_under_its_own_name(text: str) -> None:
    with pytest.raises(InvalidField) as columns:
        parse_columns(text)
    with pytest.raises(InvalidField) as order:
        parse_order(text)
    assert (columns.value.field, order.value.field) == ("columns", "order")


def test_the_longest_list_is_read() -> None:
    text = "name," * (MAX_LIST_LENGTH // 5)
    assert len(parse_columns(text)) == MAX_LIST_LENGTH // 5


def test_what_may_be_missing() -> None:
    assert may_be_missing(Parameter("Args", "lr"))
    assert may_be_missing(Metric("loss", "val"))
    assert may_be_missing(Builtin("started"))
    assert not may_be_missing(Builtin("status"))
    assert {*BUILTINS, *UNLISTED} >= SOMETIMES_MISSING


def test_what_is_worked_out_is_a_column_only() -> None:
    columns = (Derived("changes"), Parameter("", "changes"), Builtin("name"))
    assert parse_columns(columns_text(columns)) == columns
    assert parse_columns(" Changes ,name") == (Derived("changes"), Builtin("name"))
    for parse in (parse_order, parse_field):
        with pytest.raises(InvalidField) as refusal:
            parse("changes")
        assert "nothing to filter or sort by" in refusal.value.detail
