"""Facts of sections: only those that have any have a row."""

from __future__ import annotations

from experiments.models import ParameterSection, Task


def section_facts(task: Task) -> dict[str, ParameterSection]:
    return {row.name: row for row in ParameterSection.objects.filter(task=task)}


def sections_in_order(task: Task, facts: dict[str, ParameterSection]) -> list[str]:
    """The task's sections: those that were given a place first, the others as they came."""
    names = list(task.hyperparams)

    def place(name: str) -> tuple[int, int]:
        position = facts[name].position if name in facts else None
        return (1, names.index(name)) if position is None else (0, position)

    return sorted(names, key=place)
