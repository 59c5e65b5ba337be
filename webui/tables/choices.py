"""The column chooser: everything that can be a column where one is, grouped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from experiments.models import Key, Source
from experiments.queries.access import Scope
from experiments.queries.keys import known_keys
from experiments.rules.document import PROPERTIES
from experiments.rules.fields import Derived, Field, Metric, Parameter, field_text
from webui.tables.columns import BUILTIN_COLUMNS, DERIVED_COLUMNS, column_for
from webui.tables.state import TableState

STATS = {"last": "last value", "min": "minimum", "max": "maximum"}


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    choices: list[Choice]

    @property
    def count(self) -> str:
        return str(len(self.choices))


def column_choices(scope: Scope, state: TableState) -> list[Group]:
    """The shown columns first, in their order: what a form sends is the order of its fields."""
    shown = [Choice(field_text(field), _label(field), True) for field in state.columns]
    taken = {choice.id for choice in shown}
    groups = {
        "Facts": [
            Choice(column.id, column.label, False)
            for column in (*BUILTIN_COLUMNS.values(), *DERIVED_COLUMNS.values())
        ]
    }
    for key in known_keys(scope.projects, (Source.PARAMETER, Source.LAST)):
        label, choices = _of_key(key)
        groups.setdefault(label, []).extend(choices)
    others = [
        Group(label, left)
        for label, choices in groups.items()
        if (left := [choice for choice in choices if choice.id not in taken])
    ]
    return [Group("Shown now", shown), *sorted(others, key=_place)]


def _of_key(key: Key) -> tuple[str, Iterable[Choice]]:
    if key.source == Source.PARAMETER:
        field = Parameter(key.section, key.name)
        return key.section, [Choice(field_text(field), key.name, False)]
    metrics = {label: Metric(key.section, key.name, stat) for stat, label in STATS.items()}
    return f"Metric {key.section}", [
        Choice(field_text(field), f"{key.name}, {label}", False) for label, field in metrics.items()
    ]


def _place(group: Group) -> tuple[int, str]:
    """Facts, user properties, hyperparameters, metrics."""
    if group.label == "Facts":
        return 0, ""
    if group.label == PROPERTIES:
        return 1, ""
    return (3 if group.label.startswith("Metric ") else 2), group.label.lower()


def _label(field: Field | Derived) -> str:
    column = column_for(field)
    return f"{column.group} / {column.label}" if column.group else column.label
