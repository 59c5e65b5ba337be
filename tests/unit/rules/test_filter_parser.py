from __future__ import annotations

from datetime import UTC, datetime

import pytest

from experiments.errors import InvalidFilter
from experiments.rules.fields import Builtin, Metric, Parameter
from experiments.rules.filters import (
    EVERYTHING,
    And,
    Compare,
    Contains,
    Exists,
    In,
    Literal,
    Matches,
    Missing,
    Node,
    Not,
    Or,
    Words,
    parse,
)
from experiments.rules.filters.checks import operators_of
from experiments.rules.filters.lexer import MAX_LENGTH
from experiments.rules.filters.parser import MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES
from experiments.rules.status import LABELS, Status

LR, OWNER = Parameter("Args", "lr"), Parameter("properties", "owner")
STATUS = Builtin("status")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", EVERYTHING),
        ("Args/lr = 1", Compare(LR, "=", Literal("1"))),
        ("Args/lr == 1", Compare(LR, "=", Literal("1"))),
        ("Args/lr!=1", Compare(LR, "!=", Literal("1"))),
        ("Args/lr <> 1", Compare(LR, "!=", Literal("1"))),
        ("Args/lr<1e-3", Compare(LR, "<", Literal("1e-3"))),
        ("Args/lr <= -1", Compare(LR, "<=", Literal("-1"))),
        ("Args/lr > .5", Compare(LR, ">", Literal(".5"))),
        ("Args/lr >= inf", Compare(LR, ">=", Literal("inf"))),
        ("properties/owner = 'a b'", Compare(OWNER, "=", Literal("a b", quoted=True))),
        ('properties/owner = ""', Compare(OWNER, "=", Literal("", quoted=True))),
        ("properties/owner = `a b`", Compare(OWNER, "=", Literal("a b", quoted=True))),
        ("Args/lr in (1, two,'3')", In(LR, (Literal("1"), Literal("two"), Literal("3", True)))),
        ("properties/owner ~ am", Contains(OWNER, "am")),
        ("properties/owner ~ ''", Contains(OWNER, "")),
        ('properties/owner MATCHES "^a\\d"', Matches(OWNER, "^a\\d")),
        ("Args/lr exists", Exists(LR)),
        ("Args/lr Missing", Missing(LR)),
        ("Args/lr not exists", Missing(LR)),
        ("Args/lr not in (1)", And((Exists(LR), Not(In(LR, (Literal("1"),)))))),
        ("properties/owner !~ a", And((Exists(OWNER), Not(Contains(OWNER, "a"))))),
        ("name !~ a", Not(Contains(Builtin("name"), "a"))),
        ("last(loss/val) < 1", Compare(Metric("loss", "val", "last"), "<", Literal("1"))),
        ("resnet", Words("resnet")),
        ("'two words'", Words("two words")),
        ("Args/lr", Words("Args/lr")),
        ("name", Words("name")),
        ("exists", Words("exists")),
        ("`and`", Words("and")),
        ("a b", And((Words("a"), Words("b")))),
        ("a not b", And((Words("a"), Not(Words("b"))))),
        ("a or b and not c", Or((Words("a"), And((Words("b"), Not(Words("c"))))))),
        ("(a or b) and c", And((Or((Words("a"), Words("b"))), Words("c")))),
        ("not Args/lr = 1", Not(Compare(LR, "=", Literal("1")))),
        ("not a and b", And((Not(Words("a")), Words("b")))),
    ],
)
def test_a_text_is_read_as_its_tree(text: str, node: Node) -> None:
    assert parse(text) == node


def test_the_example_of_the_manual() -> None:
    text = (
        'Args/lr < 1e-3 and (properties/owner = "amy" or tag = prod) '
        "and not status in (failed, aborted) and max(accuracy/total) >= 0.9"
    )
    assert parse(text) == And(
        (
            Compare(LR, "<", Literal("1e-3")),
            Or(
                (
                    Compare(OWNER, "=", Literal("amy", quoted=True)),
                    Compare(Builtin("tags"), "=", Literal("prod")),
                )
            ),
            Not(In(STATUS, (Literal("failed"), Literal("stopped")))),
            Compare(Metric("accuracy", "total", "max"), ">=", Literal("0.9")),
        )
    )


@pytest.mark.parametrize("status", list(Status))
def test_a_status_may_be_called_by_its_label_or_its_protocol_name(status: Status) -> None:
    expected = Compare(STATUS, "=", Literal(status.value))
    label = LABELS[status]
    for written in (status.value, status.value.upper(), label, label.lower(), f'"{label}"'):
        assert parse(f"status = {written}") == expected


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("started > banana", "banana", "a time such as 2026-11-24"),
        ("created = 2026-13-01", "2026-13-01", "a time"),
        ("created = 9999-12-31", "9999-12-31", "a time"),
        ("iteration = abc", "abc", "a whole number"),
        ("iteration > 1.5", "1.5", "a whole number"),
        ("iteration < inf", "inf", "a whole number"),
        ("iteration < 9223372036854775808", "9223", "a whole number"),
        ("duration > soon", "soon", "90s, 15m, 2h or 3d"),
        ("duration > 1e300", "1e300", "90s"),
        ("duration > ''", "''", "90s"),
        ("status = foo", "foo", "draft, pending, running, aborted"),
        ("status in (draft, foo)", "foo", "draft, pending, running, aborted"),
        ("max(a/b) > high", "high", "a number"),
        ("max(a/b) > '1'", "'1'", "a number"),
        ("status < draft", "<", "with =, !=, in, exists, missing"),
        ("status ~ draft", "~", "with =, !=, in, exists, missing"),
        ("iteration ~ 3", "~", "iteration cannot be asked with ~"),
        ("started matches '2026'", "matches", "cannot be asked with matches"),
        ("tags < a", "<", "tags cannot be asked with <"),
        ("max(a/b) ~ 3", "~", "cannot be asked with ~"),
        ("lr < 3", "lr", "parameters such as Args/lr"),
        ("mean(a/b) > 1", "(", "“and”, “or” or the end"),
        ("max(accuracy) > 1", "accuracy", "max(metric/variant)"),
        ("max('a/b') > 1", "'a/b'", "the name of a metric"),
        ("max(a/b > 1", "> 1", "a closing parenthesis"),
        ("max(a/b)", "", "an operator is expected at the end"),
        ("name =", "", "a value is expected at the end"),
        ("name = and", "and", "a value is expected at character 8"),
        ("name = = 1", "= 1", "a value"),
        ("status =", "", "one of draft"),
        ("name in a", "a", "“(” and a list of values"),
        ("name in (a", "", "a comma or a closing parenthesis"),
        ("name in (a b)", "b)", "a comma or a closing parenthesis"),
        ("name in (a,)", ")", "a value"),
        ("name in (,)", ",)", "a value is expected at character 10"),
        ("name matches x", "x", "a regular expression in quotes"),
        ("name matches '('", "'('", "not a regular expression"),
        ("name matches '(?=a)'", "'(?=a)'", "not a regular expression"),
        ("name matches '(a)\\1'", "'(a)", "not a regular expression"),
        ("name matches '(a{900}){900}'", "'(a{", "not a regular expression"),
        ("(a", "", "a closing parenthesis is expected at the end"),
        ("a)", ")", "“and”, “or” or the end"),
        ("()", ")", "a condition"),
        ("a and", "", "a condition"),
        ("and a", "and", "a condition"),
        ("a or or b", "or b", "a condition"),
        ("not", "", "a condition"),
        ("a, b", ",", "“and”, “or” or the end"),
        ("= 3", "= 3", "a condition"),
        ("'a", "'a", "never closed"),
        ('name = "a', '"a', "never closed"),
        ("Args/`lr = 1", "`lr", "never closed"),
        ("a ! b", "! b", "!="),
        ("name ~ a(b)", "(b)", "“and”, “or” or the end"),
        ("'Args/lr' = 1", "'Args/lr'", "backticks"),
        ("''", "''", "no word between the quotes"),
        ("a\0", "\0", "U+0000"),
        ("name = '\ud800'", "\ud800", "U+D800"),
    ],
)
def test_an_error_points_at_the_place_and_says_what_is_expected(
    text: str, at: str, says: str
) -> None:
    with pytest.raises(InvalidFilter) as caught:
        parse(text)
    error = caught.value
    assert error.position == (text.rindex(at) if at else len(text))
    assert says in error.detail or says in error.expected
    assert error.expected
    assert error.field == "filter"


def test_the_guards_allow_what_they_promise_and_no_more() -> None:
    parse("x" * MAX_LENGTH)
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    parse("not " * MAX_DEPTH + "a")
    parse("a " * MAX_CONDITIONS)
    parse(f"Args/x in ({','.join(map(str, range(MAX_VALUES)))})")
    for text, says in [
        ("x" * (MAX_LENGTH + 1), "longer than"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "levels deep"),
        ("not " * (MAX_DEPTH + 1) + "a", "levels deep"),
        ("a " * (MAX_CONDITIONS + 1), "conditions"),
        (f"Args/x in ({','.join(map(str, range(MAX_VALUES + 1)))})", "values"),
    ]:
        with pytest.raises(InvalidFilter, match=says):
            parse(text)


def test_a_filter_that_would_be_too_long_written_out_is_refused() -> None:
    values = ",".join(f"{number:08}" for number in range(1_000))
    text = f"a/b in({values}) " + " ".join("x" * 20 for _ in range(45))
    assert MAX_LENGTH - 100 < len(text) <= MAX_LENGTH
    with pytest.raises(InvalidFilter, match="written out"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-24", datetime(2026, 11, 24), datetime(2026, 11, 25)),
        ("2026-11-24T10:30", datetime(2026, 11, 24, 10, 30), datetime(2026, 11, 24, 10, 31)),
        (
            "2026-11-24 10:30:05Z",
            datetime(2026, 11, 24, 10, 30, 5),
            datetime(2026, 11, 24, 10, 30, 6),
        ),
        (
            "2026-11-24T10:30:05.5+02:00",
            datetime(2026, 11, 24, 8, 30, 5, 500_000),
            datetime(2026, 11, 24, 8, 30, 5, 500_001),
        ),
    ],
)
def test_a_time_is_as_long_as_it_is_precise(text: str, start: datetime, end: datetime) -> None:
    span = Literal(text).span
    assert span is not None
    assert span == (start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))
    assert Literal(text).instant == span.start


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24.11.2026",
        "2026-11",
        "20261124",
        "2026-W48-2",
        "2026-02-30",
        "0001-01-01T00:00+10:00",
        "2026-11-24T25:00",
        "٢٠٢٦-11-24",
        "2026-11-24 10:30 +02:00",
    ],
)
def test_other_times_are_none(text: str) -> None:
    assert Literal(text).span is None
    assert Literal(text).instant is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1.5", 1.5),
        ("90s", 90),
        ("15m", 900),
        ("2H", 7_200),
        ("3d", 259_200),
        ("1h30m", 5_400),
        ("0.5h", 1_800),
        ("m", None),
        ("30m1h", None),
        ("1w", None),
        ("", None),
        ("-5m", None),
        ("inf", None),
        ("1e300", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert Literal(text).seconds == seconds


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("1e3", 1_000),
        ("2.0", 2),
        ("9007199254740993", 2**53 + 1),
        ("0" * 5_000 + "7", 7),
        ("1.5", None),
        ("inf", None),
        ("nan", None),
        ("9" * 20, None),
        ("9" * 5_000, None),
        ("٣", None),
        ("three", None),
        ("", None),
    ],
)
def test_whole_numbers(text: str, whole: int | None) -> None:
    assert Literal(text).whole == whole


@pytest.mark.parametrize(
    ("literal", "number", "boolean"),
    [
        (Literal("1e-3"), 0.001, None),
        (Literal("1e-3", quoted=True), None, None),
        (Literal("True"), None, True),
        (Literal("false"), None, False),
        (Literal("true", quoted=True), None, None),
        (Literal("TRUE"), None, None),
        (Literal("nan"), None, None),
    ],
)
def test_quotes_make_a_literal_a_text(
    literal: Literal, number: float | None, boolean: bool | None
) -> None:
    assert literal.number == number
    assert literal.boolean is boolean


def test_operators_of_a_parameter_are_all_there_are() -> None:
    everything = set(operators_of(LR))
    for field in (STATUS, Builtin("tags"), Builtin("started"), Metric("a", "b")):
        assert set(operators_of(field)) < everything
