"""Facts of a section itself: what it is for, where it stands, whether it opens folded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import ParameterSection, Task
from experiments.operations import history
from experiments.operations.actor import Actor
from experiments.operations.documents import locked
from experiments.operations.history import Change
from experiments.rules.editing import edit_refusal
from experiments.rules.names import check_text
from experiments.rules.parameters import normal_section


def describe_section(
    *,
    task: Task,
    section: str,
    description: str | None = None,
    collapsed: bool | None = None,
    position: int | None = None,
    by: Actor,
    now: datetime | None = None,
) -> ParameterSection:
    """Sets what is given; an annotation, so possible until publication.

    Raises InvalidField for a section the task does not have, TaskNotEditable.
    """
    section = normal_section(section)
    given = {"description": description, "collapsed": collapsed, "position": position}
    facts: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with locked(task) as found:
        if section not in found.hyperparams:
            raise InvalidField(f"there is no section {section}", field="section")
        if refusal := edit_refusal(found.status, "facts"):
            raise TaskNotEditable(refusal, field="task")
        row, _ = ParameterSection.objects.get_or_create(
            task=found, name=section, defaults={"origin": by.via}
        )
        if description is not None and check_text(description, "description") != row.description:
            change = Change("section", section, row.description, description)
            history.record(task=found, changes=[change], by=by, now=now or datetime.now(UTC))
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(update_fields=list(facts) or None)
        return row


def move_facts(*, task: Task, section: str, to: str) -> None:
    """What was said of a renamed section goes with it; facts left by one long gone make way."""
    facts = ParameterSection.objects.filter(task=task)
    facts.filter(name=to).exclude(name=section).delete()
    facts.filter(name=section).update(name=to)
