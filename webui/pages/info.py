"""INFO: every fact of an experiment that is not configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiments.models import Task
from experiments.queries.access import task_for
from experiments.rules.redaction import MASK, is_secret
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame
from webui.tables.cells import duration_text, exact_time

MOST_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Fact:
    """`block` facts are long texts, such as a diff, drawn as they are."""

    label: str
    text: str
    href: str = ""
    iso: str = ""
    block: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: str
    anchor: str
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class InfoContext:
    frame: ExperimentFrame
    groups: list[FactGroup]


@require_safe
def info(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    context = InfoContext(experiment_frame(request.user, task, "info"), fact_groups(task))
    return render_page(request, "experiments/info.html", "experiments/_info.html", context)


def fact_groups(task: Task) -> list[FactGroup]:
    """The groups that have anything to say."""
    groups = {
        "Experiment": _identity(task),
        "Times": _times(task),
        "Code": _structure(task.script, {}),
        "Execution": _structure(task.execution, {}),
        "Container": _structure(task.container, {}),
        "Output": _structure(task.output, {}),
        "Models": _structure(task.models, {}),
        "Machine": _structure(task.runtime, {}),
    }
    found = ((title, [fact for fact in facts if fact.text]) for title, facts in groups.items())
    return [FactGroup(title, title.lower(), facts) for title, facts in found if facts]


def _identity(task: Task) -> Iterator[Fact]:
    yield Fact("Name", task.name)
    yield Fact("Description", task.comment, block="\n" in task.comment)
    yield Fact("Id", task.uid)
    yield Fact(
        "Project", task.project.name, reverse("project-experiments", args=[task.project.uid])
    )
    yield Fact("Type", task.type)
    yield Fact("User", str(task.user))
    yield Fact("Tags", ", ".join(task.tags))
    yield Fact("System tags", ", ".join(task.system_tags))
    if task.parent:
        yield Fact("Parent", task.parent.name, reverse("experiment", args=[task.parent.uid]))
    yield Fact("Status", task.status)
    yield Fact("Status reason", task.status_reason)
    yield Fact("Status message", task.status_message)
    yield Fact("Worker", task.last_worker)
    yield Fact("Last iteration", f"{task.last_iteration:,}")


def _times(task: Task) -> Iterator[Fact]:
    yield _time("Created", task.created)
    yield _time("Started", task.started)
    yield _time("Completed", task.completed)
    yield _time("Last update", task.last_update)
    yield _time("Last change", task.last_change)
    yield _time("Status changed", task.status_changed)
    if task.active_seconds is not None:
        yield Fact("Duration", duration_text(task.active_seconds))


def _time(label: str, when: datetime | None) -> Fact:
    return Fact(label, exact_time(when), iso=when.isoformat()) if when else Fact(label, "")


def _structure(structure: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[Fact]:
    """The facts scripts sent as dictionaries, under the names they sent."""
    for name, value in structure.items():
        if isinstance(value, dict):
            yield from (
                Fact(f"{name} / {fact.label}", fact.text, block=fact.block)
                for fact in _structure(value, labels)
            )
        else:
            yield _plain(name, value)


def _plain(name: str, value: Any) -> Fact:
    text = (
        ""
        if value in (None, [], "")
        else (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1))
    )
    if is_secret(name, text):
        return Fact(name, MASK)
    return Fact(name, text[:MOST_LENGTH], block="\n" in text)
