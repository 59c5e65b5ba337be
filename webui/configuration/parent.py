"""What a clone changed from the experiment it came from, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from experiments.models import Task, User
from experiments.queries.parents import changes_from_parent
from experiments.rules.comparing import Difference
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.anchors import parameter_query
from webui.configuration.marks import shown

MOST_ROWS = 200
MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """`old` and `new` None where the experiment has no such parameter; `link` leads to the row."""

    key: str
    old: str | None
    new: str | None
    link: str = ""

    @property
    def name(self) -> str:
        return shown(self.key)


@dataclass(frozen=True, slots=True)
class ParentPanel:
    """`hidden` counts the rows beyond those that are shown."""

    name: str
    href: str
    count: int
    rows: list[ChangedRow]
    objects: list[ChangedRow]
    hidden: int


def parent_panel(user: User, task: Task) -> ParentPanel | None:
    """None where there is no parent that `user` may see."""
    changes = changes_from_parent(user, task)
    if changes is None:
        return None
    return ParentPanel(
        name=changes.parent.name,
        href=reverse("experiment", args=[changes.parent.uid]),
        count=changes.count,
        rows=[_row(found) for found in changes.parameters[:MOST_ROWS]],
        objects=[
            ChangedRow(
                found.name, *(None if text is None else "" for text in (found.old, found.new))
            )
            for found in changes.objects
        ],
        hidden=max(0, len(changes.parameters) - MOST_ROWS),
    )


def _row(found: Difference) -> ChangedRow:
    values = [None if item is None else item.value or "" for item in (found.old, found.new)]
    if any(is_secret(found.key, value or "") for value in values):
        values = [None if value is None else MASK for value in values]
    link = "" if found.new is None else parameter_query(found.key)
    return ChangedRow(found.key, *(_cut(value) for value in values), link)


def _cut(value: str | None) -> str | None:
    if value is None:
        return None
    return shown(value if len(value) <= MOST_TEXT else value[:MOST_TEXT] + "…")
