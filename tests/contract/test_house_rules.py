"""Habits of the house that no other tool checks; each rule is shown a good and a bad example.

What is dangerous, rather than untidy, is in `tests/trust/test_sources.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("experiments", "webui", "tests", "benchmarks")
SCRIPTS = sorted(ROOT.glob("static/**/*.js"))

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
MOST_STATEMENTS_OF_AN_ENTRY = 20
LONGEST_SCRIPT = 150
ALL_SCRIPTS = 1000

EVERYWHERE = ("",)
ENTRIES = ("webui/pages/", "experiments/sdk/services/")
SHOWN = ("webui/", "experiments/sdk/")
WRITTEN = ("experiments/", "webui/")
MIGRATIONS = ("experiments/migrations/",)

DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc"}


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root, text and syntax tree."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[ast.FunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


Faults = Iterator[str]

_SAVE_HOW = {"update_fields", "force_insert"}


def no_dumping_ground(source: Source) -> Faults:
    """A module is named after what is in it; anything would fit into `utils`."""
    for part in Path(source.path).with_suffix("").parts:
        if part.removeprefix("_") in DUMPING_GROUNDS:
            yield f"the name {part}"


def no_endless_module(source: Source) -> Faults:
    lines = source.text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{lines} lines"


def no_endless_function(source: Source) -> Faults:
    for function in source.functions():
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{function.name} has {lines} lines"


def pages_and_endpoints_are_short(source: Source) -> Faults:
    """Read input, fetch with an access check, one query or one operation, render."""
    for function in source.functions():
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
        if statements > MOST_STATEMENTS_OF_AN_ENTRY:
            yield f"{function.name} has {statements} statements"


def no_database_where_things_are_shown(source: Source) -> Faults:
    """Pages and endpoints call queries and operations, which check access and keep history."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=model), attr="objects") if model[0].isupper():
                yield f"line {node.lineno}: {model}.objects"
            case ast.Call(func=ast.Attribute(attr="filter" | "save" | "bulk_create" as name)):
                yield f"line {node.lineno}: .{name}()"


def saves_name_their_fields(source: Source) -> Faults:
    """A bare save() writes every field, also those that somebody else changed meanwhile."""
    for call in source.calls():
        match call.func:
            case ast.Attribute(attr="save") if not _SAVE_HOW & {
                keyword.arg for keyword in call.keywords
            }:
                yield f"line {call.lineno}: save() of everything"


def no_signals(source: Source) -> Faults:
    """Whoever reads an operation must see all that happens."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"):
            yield f"line {node.lineno}: signals"


def errors_are_not_swallowed(source: Source) -> Faults:
    """A middleware and the dispatch turn domain errors into answers; nothing comes before them."""
    for node in ast.walk(source.tree):
        match node:
            case ast.ExceptHandler(type=ast.Name(id="ExperimentError" | "Exception" as name)):
                yield f"line {node.lineno}: except {name}"


def ignored_types_say_which(source: Source) -> Faults:
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"#\s*type:\s*ignore(?!\[)", line):
            yield f"line {number}: type: ignore without [its kind]"


def migrations_have_names(source: Source) -> Faults:
    if re.search(r"\d{4}_(auto|alter_.*_and_more|.*_and_more)", source.path):
        yield "a name made by the machine"


@dataclass(frozen=True)
class Rule:
    check: Callable[[Source], Faults]
    folders: tuple[str, ...]
    good: Source
    bad: Source
    exempt: tuple[str, ...] = ()

    def concerns(self, path: str) -> bool:
        return path.startswith(self.folders) and not path.startswith(self.exempt)


def _rule(
    check: Callable[[Source], Faults],
    folders: tuple[str, ...],
    good: str,
    bad: str,
    *,
    exempt: tuple[str, ...] = (),
) -> Rule:
    """Examples are texts, or paths where the rule looks at the name."""
    examples = [
        Source(text, "") if text.endswith(".py") else Source("example.py", text)
        for text in (good, bad)
    ]
    return Rule(check, folders, examples[0], examples[1], exempt)


def _function(statements: int) -> str:
    return "def page(request):\n" + "    call()\n" * statements


RULES = [
    _rule(no_dumping_ground, EVERYWHERE, "webui/tables/columns.py", "webui/pages/utils.py"),
    _rule(no_endless_module, EVERYWHERE, "x = 1\n" * 300, "x = 1\n" * 401, exempt=MIGRATIONS),
    _rule(no_endless_function, EVERYWHERE, _function(40), _function(60)),
    _rule(pages_and_endpoints_are_short, ENTRIES, _function(15), _function(21)),
    _rule(
        no_database_where_things_are_shown,
        SHOWN,
        "task = task_for(user, uid)\n",
        "found = ConfigurationObject.objects.get(name=name)\n",
    ),
    _rule(
        no_database_where_things_are_shown,
        SHOWN,
        "shown = page.objects\n",
        "found = tasks.filter(name=name)\n",
    ),
    _rule(
        saves_name_their_fields,
        WRITTEN,
        "task.save(update_fields=['name'])\n",
        "task.save()\n",
    ),
    _rule(
        no_signals,
        WRITTEN,
        "from django.db import models\n",
        "from django.db.models.signals import *",
    ),
    _rule(
        errors_are_not_swallowed,
        ENTRIES,
        "try:\n    a()\nexcept TaskNotFound:\n    b()\n",
        "try:\n    a()\nexcept ExperimentError:\n    b()\n",
    ),
    _rule(
        ignored_types_say_which,
        EVERYWHERE,
        "x = y  # type: ignore[attr-defined]\n",
        "x = y  # type: " + "ignore\n",
    ),
    _rule(
        migrations_have_names,
        MIGRATIONS,
        "experiments/migrations/0002_add_queue.py",
        "experiments/migrations/0002_auto_20260101.py",
    ),
]


@cache
def _sources() -> list[Source]:
    return [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for folder in SOURCE_FOLDERS
        for path in sorted(ROOT.glob(f"{folder}/**/*.py"))
    ]


def _name(rule: Rule) -> str:
    return rule.check.__name__


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_sources_keep_the_rule(rule: Rule) -> None:
    faults = [
        f"{source.path}: {fault}"
        for source in _sources()
        if rule.concerns(source.path)
        for fault in rule.check(source)
    ]
    assert faults == []


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_rule_tells_good_from_bad(rule: Rule) -> None:
    assert list(rule.check(rule.good)) == []
    assert list(rule.check(rule.bad)) != []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stays_small(script: Path) -> None:
    assert script.read_text(encoding="utf-8").count("\n") <= LONGEST_SCRIPT


def test_scripts_do_not_grow_into_an_application() -> None:
    lines = sum(script.read_text(encoding="utf-8").count("\n") for script in SCRIPTS)
    assert 0 < lines <= ALL_SCRIPTS


def test_fragments_are_named_as_such() -> None:
    """An underscore marks a fragment, and pages alone extend another template."""
    pages = ROOT.glob("templates/**/[!_]*.html")
    fragments = ROOT.glob("templates/**/_*.html")
    extending = re.compile(r"\{%\s*extends\b")
    assert [str(one) for one in fragments if extending.search(one.read_text())] == []
    assert any(extending.search(one.read_text()) for one in pages)
