"""Names and values as people and scripts really write them, and as nobody should: every one is
kept exactly, or refused with a sentence that names the field; the same on both databases.
"""

from __future__ import annotations

import unicodedata

import pytest

from experiments.errors import InvalidField
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import (
    Edit,
    EditsRefused,
    apply_edits,
    remove_section,
    rename_section,
)
from experiments.operations.indexing import task_entries
from experiments.operations.reverting import revert_change, revert_to
from experiments.operations.sections import describe_section
from experiments.queries.indexed import entries_by_task
from experiments.queries.sections import section_facts
from experiments.rules.document import Item
from tests.factories import actor, make_task

ARABIC = "\u0645\u0639\u062f\u0644"
NAMES = {
    "dots": "model.encoder.dim",
    "dollar": "$HOME ${x}",
    "slashes": "model/encoder/dim",
    "marks": "#1 50% off & <b>\"'`\\",
    "spaces inside": "a  b\tc",
    "right to left": f"{ARABIC} \u202e lr",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
    "prototype": "__proto__",
    "cases": "\u0130stanbul \u00df \u01c6",
    "as long as possible": "x" * (1024 - len("Args/")),
    "star": "*",
}
VALUES = {
    "long": "v" * 100_000,
    "lines": "a\r\nb\nc\rd\u2028e",
    "json": '{"a": [1, 2, {"b": null}]}',
    "number that overflows": "1e999999",
    "many digits": "9" * 5_000,
    "blank": " \t ",
    "markup": "</textarea><script>alert(1)</script>",
    "right to left": f"\u202e{ARABIC}\u2066",
}
BROKEN = {"NUL": "a\x00b", "half a surrogate pair": "a\ud800b"}


@pytest.fixture
def by(alice):
    return actor(alice, via=Via.BROWSER)


@pytest.fixture
def task(project):
    return make_task(project, parameters={"Args/lr": Item("0.1", "float"), "Net/d": "8"})


def stored(task):
    found = Task.objects.get(pk=task.pk)
    assert entries_by_task([found]).get(task.pk, set()) == task_entries(found)
    return found.hyperparams


def refusal(task, by, edit):
    before = stored(task)
    with pytest.raises(EditsRefused) as caught:
        apply_edits(task=task, edits=[edit], by=by)
    assert stored(task) == before and not HistoryEntry.objects.exists()
    str(caught.value).encode()
    return caught.value.refusals[0]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_lives_through_everything(task, by, name):
    item = Item("1", "int", name)
    apply_edits(task=task, by=by, edits=[Edit("Args", name, None, item)])
    assert list(stored(task)["Args"]) == ["lr", name]
    apply_edits(task=task, by=by, edits=[Edit("Args", "plain", item, item, name)])
    assert list(stored(task)["Args"]) == ["lr", "plain"]
    apply_edits(task=task, by=by, edits=[Edit("Args", name, item, Item("2", "int"), "plain")])
    apply_edits(task=task, by=by, edits=[Edit("Args", name, Item("2", "int"), None)])
    assert list(stored(task)["Args"]) == ["lr"]
    added, *_, removed = HistoryEntry.objects.filter(what="parameters").order_by("pk")
    assert added.key == removed.key == f"Args/{name}"
    revert_change(task=task, entry=removed.pk, by=by)
    assert stored(task)["Args"][name] == Item("2", "int")
    revert_to(task=task, entry=added.pk, by=by)
    assert stored(task)["Args"][name] == item


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_is_kept_exactly(task, by, value):
    item = Item(value, None, value)
    apply_edits(task=task, by=by, edits=[Edit("Args", "text", None, item)])
    assert stored(task)["Args"]["text"] == item
    apply_edits(task=task, by=by, edits=[Edit("Args", "text", item, Item("short"))])
    revert_to(task=task, entry=HistoryEntry.objects.earliest("pk").pk, by=by)
    assert stored(task)["Args"]["text"] == item


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("field", ["section", "name", "value", "type", "description"])
def test_what_cannot_be_kept_is_refused_at_its_field(task, by, text, field):
    section, name, item = "Args", "new", Item("1")
    if field == "section":
        section = text
    elif field == "name":
        name = text
    else:
        item = item._replace(**{field: text})
    found = refusal(task, by, Edit(section, name, None, item))
    assert found.field == field and not found.conflict
    assert found.message.startswith(("parameter ", field)) and field in found.message


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_was_seen_may_be_forged(task, by, text):
    found = refusal(task, by, Edit("Args", "lr", Item("0.1", "float"), Item("1"), text))
    assert found.field == "name"
    assert refusal(task, by, Edit("Args", "lr", Item(text), Item("1", "float"))).conflict
    for act in (rename_section, describe_section):
        more = {"to": text} if act is rename_section else {"description": text}
        with pytest.raises(InvalidField):
            act(task=task, section="Args", by=by, **more)
        with pytest.raises(InvalidField):
            act(task=task, section=text, by=by, **dict.fromkeys(more, "x"))
    with pytest.raises(InvalidField):
        remove_section(task=task, section=text, seen={}, by=by)


@pytest.mark.parametrize(
    ("section", "name", "field", "why"),
    [
        ("", "a", "section", "section must not be empty"),
        ("Args", " \u2003 ", "name", "parameter name must not be empty"),
        ("a/b", "c", "section", "must not contain a slash"),
        ("Args", "x" * 1025, "name", "parameter name has 1025 characters, at most 1024"),
        ("Args", "x" * 1024, "name", "section and name together have 1029 characters"),
        ("Args", "\u20ac" * 700, "name", "parameter name has 2100 bytes"),
        ("S" * 1025, "a", "section", "section has 1025 characters"),
    ],
)
def test_a_name_that_cannot_be_says_so(task, by, section, name, field, why):
    found = refusal(task, by, Edit(section, name, None, Item("1")))
    assert found.field == field and why in found.message


def test_composed_and_decomposed_are_one_name(task, by):
    composed = "caf\u00e9"
    decomposed = unicodedata.normalize("NFD", composed)
    apply_edits(task=task, by=by, edits=[Edit("Args", decomposed, None, Item("1"))])
    assert list(stored(task)["Args"]) == ["lr", composed]
    with pytest.raises(EditsRefused) as caught:
        apply_edits(task=task, by=by, edits=[Edit("Args", decomposed, None, Item("2"))])
    assert caught.value.refusals[0].conflict
    rename_section(task=task, section="Net", to=decomposed, by=by)
    assert list(stored(task)) == ["Args", composed]
    with pytest.raises(InvalidField, match="already"):
        rename_section(task=task, section="Args", to=decomposed, by=by)


@pytest.mark.parametrize(
    "name", [n for k, n in NAMES.items() if k not in {"slashes", "as long as possible"}]
)
def test_a_section_lives_through_everything(task, by, name):
    name = name.replace("/", "|")
    describe_section(task=task, section="Net", description=name, by=by)
    rename_section(task=task, section="Net", to=name, by=by)
    assert stored(task)[name] == {"d": Item("8")} and list(section_facts(task)) == [name]
    revert_change(task=task, entry=HistoryEntry.objects.latest("pk").pk, by=by)
    assert list(stored(task)) == ["Args", "Net"] and list(section_facts(task)) == ["Net"]
    rename_section(task=task, section="Net", to=name, by=by)
    remove_section(task=task, section=name, seen={"d": Item("8")}, by=by)
    assert list(stored(task)) == ["Args"] and section_facts(task) == {}


def test_a_section_renamed_to_what_is_too_long_stays(task, by):
    """Its longest parameter decides: section and name together are one key of the index."""
    long = "x" * 1_000
    apply_edits(task=task, by=by, edits=[Edit("Net", long, None, Item("1"))])
    before = stored(task)
    with pytest.raises(InvalidField, match="together have 1101 characters"):
        rename_section(task=task, section="Net", to="S" * 100, by=by)
    assert stored(task) == before
