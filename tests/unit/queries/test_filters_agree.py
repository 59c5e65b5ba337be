"""The two meanings of a filter, SQL and plain Python, are the same; so are the two orders."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from experiments.errors import InvalidField
from experiments.models import Role, Task
from experiments.operations.events import add_events
from experiments.operations.parameters import edit_parameters
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.queries import finding
from experiments.queries.access import scope_for
from experiments.queries.facts import load_facts
from experiments.queries.paging import deciding_terms
from experiments.queries.rare import sorted_places
from experiments.queries.tasks import task_count, task_page
from experiments.rules.document import Item
from experiments.rules.fields import Builtin, Kind, Metric, OrderTerm, Parameter
from experiments.rules.filters.evaluation import evaluate
from experiments.rules.filters.tree import (
    EVERYTHING,
    And,
    Compare,
    Contains,
    Exists,
    In,
    Literal,
    Matches,
    Missing,
    Not,
    Or,
    Words,
)
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task, make_user

TEXTS = (
    "adam",
    "Adam",
    "ADAMW",
    "",
    "naïve Ä",
    "a'b\"c",
    "50%",
    "a_b",
    "%",
    "\\",
    "🙂 x",
    "x" * 250,
)
NUMBERS = ("0", "-1", "1e-05", "0.0001", "0.001", "0.25", "0.5", "3", "12", "1e300", "inf", "-inf")
BOOLEANS = ("True", "False", "true")
ODD = ("nan", "None", "007", "1_000", "[1, 2]", "0x10")
NAMES = ("lr", "we.ird $key%__x_", "net/act/name", "ключ", "a b")
PARAMETERS = [Parameter("Args", name) for name in NAMES] + [
    Parameter("properties", "owner"),
    Parameter("Nowhere", "nothing"),
]
METRICS = [Metric("loss", "total", stat) for stat in ("last", "min", "max")] + [
    Metric("never", "seen", "last")
]
TAGS = ("prod", "Prod", "5", "a, b")
BUILTINS = [
    Builtin(name)
    for name in (
        "type",
        "name",
        "tags",
        "status",
        "project",
        "user",
        "created",
        "started",
        "updated",
        "completed",
        "iteration",
        "duration",
        "parent",
        "description",
        "id",
    )
]


@pytest.fixture
def scope(alice):
    """Forty tasks in three projects, made to differ in everything; alice sees them all."""
    chance = random.Random(7)
    bob = make_user("bob-two")
    projects = [
        make_project(name, owner=alice, members={bob: Role.EDITOR})
        for name in ("vision", "vision/deep", "Zoo")
    ]
    tasks: list[Task] = []
    for number in range(40):
        tasks.append(_make(chance, number, projects, tasks, (alice, bob)))
    return scope_for(alice)


@pytest.fixture(params=["few", "tested", "gathered and sorted", "gathered and walked"])
def way(request, monkeypatch):
    """Each way in which `find_places` can go, whatever the number of tasks."""
    few = {"few": 1000, "gathered and sorted": 1000}.get(request.param, -1)
    monkeypatch.setattr(finding, "FEW", few)
    if request.param != "few":
        monkeypatch.setattr(finding, "rare_candidates", lambda *_: None)
    chunks = (2, 3, 1000) if request.param == "tested" else (2, 3)
    monkeypatch.setattr(finding, "TESTED_CHUNKS", chunks)


def _make(chance, number, projects, earlier, people) -> Task:
    pool = (*TEXTS, *NUMBERS, *BOOLEANS, *ODD)
    types = (None, "str", "float", "int", "bool")
    user = chance.choice(people)
    parameters = {
        f"{f.section}/{f.name}": Item(chance.choice(pool), chance.choice(types))
        for f in PARAMETERS[:-1]
        if chance.random() < 0.7
    }
    task = make_task(
        chance.choice(projects),
        user=user,
        name=f"{chance.choice(('Run', 'run', 'Å'))} {number}",
        parameters=parameters,
        now=NOW + timedelta(hours=number),
        type=chance.choice(("training", "testing", "data_processing", "dataset_import")),
        comment=chance.choice(("", "A note", "50% off")),
        tags=chance.sample(TAGS, chance.randrange(3)),
        parent=chance.choice(earlier) if earlier and chance.random() < 0.3 else None,
    )
    if chance.random() < 0.5:
        later = NOW + timedelta(hours=number, seconds=chance.randrange(1, 5000))
        change_status(task=task, to=Status.IN_PROGRESS, by=actor(user), now=later)
        values = [chance.choice((0.5, -2.0, 1e-7, float("inf"))) for _ in range(3)]
        add_events(
            events=[
                {
                    "type": "training_stats_scalar",
                    "task": task.uid,
                    "iter": i,
                    "metric": "loss",
                    "variant": "total",
                    "value": value,
                    "timestamp": 1_700_000_000_000 + i,
                }
                for i, value in enumerate(values)
            ],
            user_tasks={task.uid: task},
            by=actor(user),
            now=later,
        )
        if chance.random() < 0.5:
            change_status(
                task=task, to=Status.COMPLETED, by=actor(user), now=later + timedelta(seconds=90)
            )
    if chance.random() < 0.3:
        items = [("properties", "note", Item("x"))]
        edit_parameters(task=task, items=items, force=True, by=actor(user))
    if chance.random() < 0.2:
        edit_task(task=task, changes={"system_tags": ["archived"]}, force=True, by=actor(user))
    return task


def _literal(chance, field) -> Literal:
    if isinstance(field, Builtin):
        choices = {
            "created": ("2026-01-15", "2026-01-16T03:00", "2026-01-16 12:00:00Z"),
            "started": ("2026-01-15", "2026-01-16T03:00"),
            "updated": ("2026-01-16",),
            "completed": ("2026-01-16",),
            "iteration": ("0", "2", "3"),
            "duration": ("90s", "15m", "1000", "0"),
            "status": ("created", "in_progress"),
            "tags": TAGS,
            "project": ("vision", "Zoo", "x"),
            "type": ("training", "testing"),
            "user": ("alice", "bob-two"),
            "edited": ("true", "false"),
            "description": ("A note", "a"),
        }.get(field.name, ("Run 3", "run 12", "x"))
        return Literal(chance.choice(choices))
    if isinstance(field, Metric):
        return Literal(chance.choice(("0.5", "-2", "0", "1e-7", "inf")))
    return Literal(chance.choice((*TEXTS, *NUMBERS, *BOOLEANS, *ODD)), chance.random() < 0.3)


def _condition(chance):
    field = chance.choice((*BUILTINS, *PARAMETERS, *PARAMETERS, *METRICS))
    textual = not isinstance(field, Metric) and not (
        isinstance(field, Builtin)
        and field.kind in {Kind.INSTANT, Kind.WHOLE, Kind.DURATION, Kind.FLAG}
    )
    roll = chance.randrange(9 if textual else 6)
    if roll == 0:
        return Exists(field)
    if roll == 1:
        return Missing(field)
    if roll == 2:
        return In(field, tuple(_literal(chance, field) for _ in range(chance.randrange(4))))
    if roll < 6:
        ordered = not (isinstance(field, Builtin) and field.name in {"tags", "status", "edited"})
        ops = ("=", "!=", "<", "<=", ">", ">=") if ordered else ("=", "!=")
        return Compare(field, chance.choice(ops), _literal(chance, field))
    if roll == 6:
        return Contains(field, chance.choice(("a", "AD", "%", "_", "\\", "ä", "Ä", "n", "🙂")))
    if roll == 7:
        patterns = ("^a", "ad.m", "^[A-Z]", r"\d+$", "(?i)RUN", r"run\ 1", "^Run 3$", r"\bnote\b")
        return Matches(field, chance.choice(patterns))
    return Words(chance.choice(("run", "A", "prod", "note", "zzz", "0", "f")))


def _tree(chance, depth=3):
    if depth == 0 or chance.random() < 0.4:
        return _condition(chance)
    roll = chance.randrange(3)
    if roll == 0:
        return Not(_tree(chance, depth - 1))
    kind = And if roll == 1 else Or
    return kind(tuple(_tree(chance, depth - 1) for _ in range(chance.randrange(1, 4))))


def test_sql_and_python_agree_on_every_filter(scope, way):
    ids = list(Task.objects.values_list("pk", flat=True))
    facts = list(load_facts(ids, (*BUILTINS, *PARAMETERS, *METRICS)))
    chance = random.Random(11)
    matched = 0
    for _ in range(120):
        tree = _tree(chance)
        wanted = {row.pk for row in facts if evaluate(tree, row)}
        page = task_page(scope, tree, limit=100, archived=None)
        assert {task.pk for task in page.tasks} == wanted, tree
        assert task_count(scope, tree, archived=None).value == len(wanted), tree
        matched += bool(0 < len(wanted) < 40)
    assert matched > 40, "the trees must tell tasks apart, else nothing is tested"


def test_walking_and_sorting_give_the_same_order(scope):
    ids = list(Task.objects.values_list("pk", flat=True))
    chance = random.Random(13)
    fields = (*BUILTINS, *PARAMETERS, *METRICS)
    for number in range(60):
        terms = tuple(
            OrderTerm(field, chance.random() < 0.5)
            for field in ([fields[number]] if number < len(fields) else chance.sample(fields, 2))
        )
        wanted = [
            place.task
            for place in sorted_places(
                ids, EVERYTHING, deciding_terms(terms), archived=None, backwards=False, after=None
            )
        ]
        page = task_page(scope, EVERYTHING, terms, limit=100, archived=None)
        assert [task.pk for task in page.tasks] == wanted, terms


def test_pages_join_without_gap_or_repeat_in_both_directions(scope, way):
    chance = random.Random(17)
    fields = (*BUILTINS, *PARAMETERS, *METRICS)
    for number in range(16):
        where = Exists(PARAMETERS[number % 6]) if number < 8 else EVERYTHING
        terms = tuple(
            OrderTerm(f, chance.random() < 0.5) for f in chance.sample(fields, 1 + number % 2)
        )
        whole = [t.pk for t in task_page(scope, where, terms, limit=100, archived=None).tasks]
        forward, backward, cursor, last = [], [], None, None
        while True:
            page = task_page(scope, where, terms, limit=7, after=cursor, archived=None)
            forward += [task.pk for task in page.tasks]
            last = page
            if page.next is None:
                break
            cursor = page.next
        assert forward == whole, terms
        backward, cursor = [t.pk for t in last.tasks], last.previous
        while cursor:
            page = task_page(scope, where, terms, limit=7, before=cursor, archived=None)
            backward = [task.pk for task in page.tasks] + backward
            cursor = page.previous
        assert backward == whole, terms


@pytest.mark.parametrize("field", [Builtin("started"), Builtin("name"), PARAMETERS[0]])
def test_a_cursor_is_good_for_the_order_it_was_made_for(scope, field):
    terms = (OrderTerm(field), OrderTerm(PARAMETERS[1]))
    cursor = task_page(scope, order=terms, limit=5).next
    assert task_page(scope, order=terms, limit=5, after=cursor).tasks
    other = (OrderTerm(PARAMETERS[2]),)
    for made_up in (cursor[:-3], cursor + "AAAA", "x", "é", "", "A" * 5000):
        for order in (terms, other):
            if made_up:
                with pytest.raises(InvalidField):
                    task_page(scope, order=order, limit=5, after=made_up)
    with pytest.raises(InvalidField, match="of this order"):
        task_page(scope, order=other, limit=5, after=cursor)


def test_a_condition_on_the_sorted_field_bounds_the_walk(scope, way):
    order = (OrderTerm(PARAMETERS[0], descending=True), OrderTerm(Builtin("name")))
    for where in (
        Compare(PARAMETERS[0], "<", Literal("0.5")),
        And((Exists(PARAMETERS[0]), Compare(PARAMETERS[0], ">=", Literal("a", quoted=True)))),
        In(PARAMETERS[0], (Literal("0.5"), Literal("true"))),
    ):
        pages, cursor = [], None
        while True:
            page = task_page(scope, where, order, limit=3, after=cursor, archived=None)
            pages += [task.pk for task in page.tasks]
            if not (cursor := page.next):
                break
        every = task_page(scope, EVERYTHING, order, limit=100, archived=None).tasks
        facts = load_facts([task.pk for task in every], [PARAMETERS[0]])
        assert pages == [row.pk for row in facts if evaluate(where, row)]
