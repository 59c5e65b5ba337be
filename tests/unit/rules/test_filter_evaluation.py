from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.fields import BUILTINS, STATS, Builtin, Field, Kind, Metric, Parameter
from experiments.rules.filters import (
    Compare,
    Contains,
    Exists,
    In,
    Literal,
    Matches,
    Missing,
    Node,
    Not,
    normalise,
    parse,
    to_text,
)
from experiments.rules.filters.evaluation import Named, TaskFacts, evaluate
from experiments.rules.status import Status
from experiments.rules.values import INDEXED_TEXT_LENGTH, index_value
from tests.unit.rules.filter_strategies import free_texts, leaves, parameters, thorough, trees

LONG = "x" * (INDEXED_TEXT_LENGTH + 50)
NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
TASK = TaskFacts(
    builtins={
        "type": "training",
        "name": "ResNet Grün 50",
        "status": "in_progress",
        "project": Named("vision/nets", "a" * 32),
        "user": Named("amy", "b" * 32),
        "created": NOON - timedelta(days=1),
        "started": NOON,
        "updated": NOON,
        "completed": None,
        "iteration": 100,
        "duration": 90.0,
        "parent": None,
        "description": "Second try",
        "id": "0123456789abcdef" * 2,
        "tags": ("prod", "2024", "Best of all"),
    },
    parameters={
        ("Args", "lr"): 0.001,
        ("Args", "half"): 0.5,
        ("Args", "amp"): True,
        ("Args", "net"): "resnet50",
        ("Args", "empty"): "",
        ("Args", "zip"): "00501",
        ("Args", "long"): LONG[:INDEXED_TEXT_LENGTH],
        ("Args", "huge"): float("inf"),
        ("properties", "owner"): "Amy",
    },
    metrics={("acc", "total", "last"): 0.8, ("acc", "total", "max"): 0.9},
)
EMPTY = TaskFacts()


@pytest.mark.parametrize(
    "text",
    [
        "",
        # numbers with numbers
        "Args/lr = 1e-3",
        "Args/lr = 0.0010",
        "Args/lr < 0.25",
        "Args/lr >= .001",
        "Args/lr != 1",
        "Args/lr in (5, 0.001)",
        "Args/huge = inf",
        "Args/huge > 1e300",
        # texts with texts, by code point
        "Args/net = resnet50",
        "Args/net != 50",
        "Args/net > Resnet50",
        "Args/net < resnet6",
        "Args/zip = '00501'",
        "Args/zip != 501",
        "Args/empty = ''",
        "Args/empty exists",
        "Args/net ~ NET",
        "Args/net matches '^res.*[0-9]$'",
        "Args/net !~ vgg",
        "Args/net not in (vgg, lenet)",
        f"Args/long = {LONG}",
        # booleans with booleans
        "Args/amp = true",
        "Args/amp = True",
        "Args/amp != false",
        "Args/amp != 'true'",
        "Args/amp > false",
        "Args/amp in (1, true)",
        # builtins
        "name ~ resnet",
        "name !~ vgg",
        "name ~ grün",
        "name > A",
        "status = running",
        "status in (draft, running)",
        "status != failed",
        "type = training",
        "id ~ abcdef01",
        "project = vision/nets",
        f"project = {'a' * 32}",
        "project ~ VISION",
        "user = amy",
        f"user in ({'b' * 32})",
        "user != bob",
        "project < w",
        "user matches '^a'",
        "iteration = 1e2",
        "iteration >= 100",
        "iteration in (1, 100)",
        "duration = 90s",
        "duration < 2m",
        "duration <= 90",
        "duration != 15m",
        "description ~ TRY",
        # times
        "started = 2026-11-24",
        "started >= 2026-11-24",
        "started <= 2026-11-24",
        "started > 2026-11-23",
        "started < 2026-11-25",
        "started != 2026-11-23",
        "started = '2026-11-24 12:00'",
        "started = 2026-11-24T13:00+01:00",
        "started in (2026-01-01, 2026-11-24)",
        "started < 2026-11-24T12:01Z",
        "created exists",
        # tags
        "tags = prod",
        "tag in (x, 2024)",
        "tags = 2024",
        "tags ~ BEST",
        "tags != dev",
        "tags not in (dev)",
        "tags matches '^Best'",
        "tags exists",
        "tags !~ dev",
        # metrics
        "max(acc/total) >= 0.9",
        "last(acc/total) = 0.8",
        "max(acc/total) != 1",
        "max(acc/total) exists",
        "min(acc/total) missing",
        # missing
        "Args/none missing",
        "completed missing",
        "parent missing",
        "not Args/none = 1",
        "not Args/none != 1",
        "not tags = dev",
        "not completed > 2026-01-01",
        # words
        "resnet",
        "'RESNET grün'",
        "try",
        "prod",
        "01234567",
        "0123456789ABCDEF",
        "not vgg",
        # joined
        "resnet prod",
        "vgg or prod",
        "(vgg or prod) and not (dev or Args/lr > 1)",
    ],
)
def test_it_holds(text: str) -> None:
    assert evaluate(parse(text), TASK)


@pytest.mark.parametrize(
    "text",
    [
        "Args/lr = '1e-3'",
        "Args/lr = one",
        "Args/lr > 0.001",
        "Args/lr != 1e-3",
        "Args/lr ~ 0",
        "Args/lr matches '0'",
        "Args/lr in ()",
        "Args/lr < banana",
        "Args/lr >= false",
        "Args/net = Resnet50",
        "Args/net < 5",
        "Args/net > 5",
        "Args/zip = 00501",
        "Args/zip < 1000",
        "Args/amp = 1",
        "Args/amp = 'true'",
        "Args/amp ~ true",
        "Args/amp < true",
        f"Args/long ~ {LONG}",
        f"Args/long > {LONG}",
        "name ~ GRÜN",
        "name = 'resnet grün 50'",
        "status = draft",
        "project = nets",
        "project ~ aaaaaaaa",
        "user = Amy",
        f"user != {'b' * 32}",
        f"user not in ({'b' * 32})",
        "iteration > 100",
        "duration > 90",
        "started > 2026-11-24",
        "started < 2026-11-24",
        "started = '2026-11-24 12:01'",
        "started != 2026-11-24",
        "started = 2026-11-24T12:00:00Z",
        "started in (2026-11-23, 2026-11-25)",
        "tags = Prod",
        "tags != prod",
        "tags in (x, y)",
        "tags not in (prod)",
        "tags !~ Best",
        "max(acc/total) > 0.9",
        "min(acc/total) < 1",
        # every operator needs a value, `!=` and the negated ones too
        "Args/none = 1",
        "Args/none != 1",
        "Args/none not in (1)",
        "Args/none !~ a",
        "Args/none not matches 'a'",
        "Args/none ~ ''",
        "Args/none exists",
        "Args/net missing",
        "completed != 2026-01-01",
        "completed < 2027-01-01",
        "parent != x",
        "min(acc/total) != 1",
        "vgg",
        "PROD",
        "of all",
        "123456789",
        "resnet vgg",
        "not resnet",
    ],
)
def test_it_does_not_hold(text: str) -> None:
    assert not evaluate(parse(text), TASK)


@pytest.mark.parametrize("name", BUILTINS)
def test_nothing_is_known_of_an_empty_task(name: str) -> None:
    assert evaluate(parse(f"{name} missing"), EMPTY)
    assert evaluate(Missing(Builtin(name)), TaskFacts(builtins={name: ""}))


# Tasks of random facts

instants = st.datetimes(
    datetime(2026, 11, 23, 22), datetime(2026, 11, 25, 2), timezones=st.just(UTC)
)
_builtin_values = {
    Kind.TEXT: free_texts,
    Kind.NAMED: st.builds(Named, free_texts.filter(bool), st.sampled_from(["1", "2"])),
    Kind.STATUS: st.sampled_from(Status).map(str),
    Kind.TAGS: st.lists(free_texts, max_size=3).map(tuple),
    Kind.INSTANT: st.none() | instants,
    Kind.WHOLE: st.integers(0, 3),
    Kind.DURATION: st.none() | st.sampled_from([0.0, 90.0, 900.0]),
    Kind.FLAG: st.booleans(),
}
values = st.builds(index_value, free_texts, st.sampled_from([None, "str", "float"])).filter(
    lambda value: value is not None
)
FEW = [Parameter("Args", "lr"), Parameter("Args", "name")]
tasks = st.builds(
    TaskFacts,
    st.fixed_dictionaries(
        {}, optional={name: _builtin_values[kind] for name, kind in BUILTINS.items()}
    ),
    st.dictionaries(st.sampled_from([("Args", "lr"), ("Args", "name")]), values),
    st.dictionaries(st.sampled_from([("a", "b", stat) for stat in STATS]), st.floats(-2, 2)),
)
few_fields: st.SearchStrategy[Field] = (
    st.sampled_from(FEW)
    | st.sampled_from(STATS).map(lambda stat: Metric("a", "b", stat))
    | st.sampled_from([Builtin(name) for name in BUILTINS])
)


@thorough
@given(trees, tasks)
def test_normalising_and_writing_keep_the_meaning(tree: Node, task: TaskFacts) -> None:
    meaning = evaluate(tree, task)
    assert evaluate(normalise(tree), task) is meaning
    assert evaluate(parse(to_text(tree)), task) is meaning
    assert evaluate(Not(tree), task) is not meaning


@thorough
@given(few_fields, free_texts | st.just("2026-11-24"), st.booleans(), tasks)
def test_equal_different_and_missing_are_the_three_cases(
    field: Field, text: str, quoted: bool, task: TaskFacts
) -> None:
    literal = Literal(text, quoted)
    cases = [Compare(field, "=", literal), Compare(field, "!=", literal), Missing(field)]
    assert sum(evaluate(case, task) for case in cases) == 1
    assert evaluate(In(field, (literal,)), task) is evaluate(cases[0], task)
    assert evaluate(Exists(field), task) is not evaluate(Missing(field), task)


@thorough
@given(
    st.sampled_from([*FEW, Builtin("started"), Builtin("iteration"), Metric("a", "b")]),
    free_texts | st.sampled_from(["2026-11-24", "2026-11-24T12:00", "2"]),
    tasks,
)
def test_an_order_is_less_equal_or_greater(field: Field, text: str, task: TaskFacts) -> None:
    literal = Literal(text)
    less, equal, greater, at_most, at_least = (
        evaluate(Compare(field, op, literal), task) for op in ("<", "=", ">", "<=", ">=")
    )
    assert less + equal + greater <= 1
    assert at_most is (less or equal)
    assert at_least is (greater or equal)


@thorough
@given(leaves, parameters)
def test_no_operator_but_missing_holds_without_a_value(leaf: Node, field: Parameter) -> None:
    present = [Contains(field, ""), Matches(field, ""), Exists(field), In(field, (Literal("1"),))]
    assert not any(evaluate(condition, EMPTY) for condition in present)
    if not isinstance(leaf, Missing):
        assert not evaluate(leaf, EMPTY)
