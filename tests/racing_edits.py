"""What the races for one configuration have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.errors import ExperimentError
from experiments.models import HistoryEntry, Task
from experiments.operations.edits import Edit, apply_edits
from experiments.operations.indexing import task_entries
from experiments.queries.indexed import entries_by_task
from experiments.rules.document import flatten
from tests.factories import make_task
from tests.racing import outcomes

TOLD = ("parameters", "properties", "section name")


def contested(project):
    """The experiment that all want to change."""
    parameters = {"Args/lr": "start", "Args/n": "0", "Net/depth": "1"}
    return make_task(project, parameters=parameters)


def race(*works: Callable[[], Any]) -> list[Any]:
    return outcomes(lambda number: works[number](), threads=len(works))


def stored(task):
    return Task.objects.get(pk=task.pk)


def value_of(task, section, name):
    item = stored(task).hyperparams.get(section, {}).get(name)
    return item and item.value


def refused(outcome):
    return isinstance(outcome, ExperimentError)


def check_whole(task, *, first):
    """The index says what the document says, and the history leads to it without a gap."""
    found = stored(task)
    assert entries_by_task([found]).get(task.pk, set()) == task_entries(found)
    state = {f"{section}/{name}": item.value for section, name, item in flatten(first)}
    for entry in HistoryEntry.objects.filter(task=task, what__in=TOLD).order_by("pk"):
        if entry.what == "section name":
            state = {_moved(key, entry.old, entry.new): value for key, value in state.items()}
            continue
        assert state.get(entry.key) == entry.old, (entry.key, entry.old, state.get(entry.key))
        state[entry.key] = entry.new
    left = {key: value for key, value in state.items() if value is not None}
    assert left == {f"{s}/{n}": item.value for s, n, item in flatten(found.hyperparams)}


def _moved(key, section, to):
    return to + key.removeprefix(section) if key.startswith(f"{section}/") else key


def times_in_history(task, value):
    return HistoryEntry.objects.filter(task=task, new=value).count()


def edit_of(task, by, value, section="Args", name="lr"):
    """A person's form, opened now, to be sent later."""
    seen = stored(task).hyperparams[section][name]
    edit = Edit(section, name, seen, seen._replace(value=value))
    return lambda: apply_edits(task=task, edits=[edit], by=by)
