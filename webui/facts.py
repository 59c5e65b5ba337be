"""The form of an experiment's name, tags, description and project, and what a save comes to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from experiments.errors import ExperimentError, ValueChangedMeanwhile
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.facts import FIELDS, fact_of, set_facts

LABELS = {"name": "name", "tags": "tags", "comment": "description", "project": "project"}


@dataclass(frozen=True, slots=True)
class FactsForm:
    """`tags` has one a line. `seen` is JSON of the values that stood when the form was opened."""

    name: str
    tags: str
    comment: str
    project: str
    seen: str
    back: str = "configuration"
    error: str = ""
    conflict: str = ""
    current: str = ""

    @classmethod
    def of(cls, task: Task, back: str) -> FactsForm:
        seen = json.dumps({field: fact_of(task, field) for field in FIELDS})
        return cls(task.name, "\n".join(task.tags), task.comment, task.project.name, seen, back)

    @classmethod
    def read(cls, data: QueryDict, back: str) -> FactsForm:
        # Browsers send CR LF for every line end of a field.
        texts = {field: data.get(field, "").replace("\r\n", "\n") for field in FIELDS}
        return cls(**texts, seen=data.get("seen", ""), back=back)

    @property
    def seen_values(self) -> dict[str, Any]:
        try:
            values = json.loads(self.seen)
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    @property
    def conflict_label(self) -> str:
        return LABELS.get(self.conflict, "")

    @property
    def typed(self) -> str:
        return str(getattr(self, self.conflict, ""))

    def changes(self) -> dict[str, Any]:
        """What differs from what was seen; line ends a browser cannot keep are no difference."""
        wanted = {
            "name": self.name,
            "tags": _lines(self.tags),
            "comment": self.comment,
            "project": self.project,
        }
        seen = self.seen_values
        return {
            field: wanted[field] for field in FIELDS if _plain(seen.get(field)) != wanted[field]
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is the HTTP status of a refusal, 0 when the edit was made."""

    form: FactsForm
    status: int = 0


def save_facts(task: Task, form: FactsForm, by: Actor) -> Outcome:
    """Saves, or says why not and keeps what was typed."""
    try:
        set_facts(task=task, changes=form.changes(), seen=form.seen_values, by=by)
    except ValueChangedMeanwhile as error:
        field, current = error.field or "", error.current or ""
        now_seen = _lines(current) if field == "tags" else current
        seen = json.dumps({**form.seen_values, field: now_seen})
        return Outcome(replace(form, conflict=field, current=current, seen=seen), 409)
    except ExperimentError as error:
        text = error.detail or error.message
        return Outcome(replace(form, error=f"{text[:1].upper()}{text[1:].rstrip('.')}."), 422)
    return Outcome(form)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def known_back(name: str, tabs: Mapping[str, str]) -> str:
    """The tab to go back to: one of ours, never an address from outside."""
    return name if name in tabs else "configuration"
