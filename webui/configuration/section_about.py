"""What concerns a section as a whole: its name, what it is for, and taking it away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from experiments.errors import ExperimentError, ValueChangedMeanwhile
from experiments.models import ParameterSection, Task
from experiments.operations.actor import Actor
from experiments.operations.edits import remove_section, rename_section
from experiments.operations.sections import describe_section
from experiments.rules.document import Item
from experiments.rules.names import check_text
from experiments.rules.parameters import checked_key
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.editing import known_section, sentence_of
from webui.configuration.seen import seal_of_all

LISTED = 200
SHOWN = 120
_CHANGED = "It was changed since you were asked. Nothing was deleted; this is what it has now."


@dataclass(frozen=True, slots=True)
class AboutForm:
    """`to` is the name that was typed; `error` belongs to it where `at_name`."""

    section: str
    to: str
    description: str
    folded: bool
    error: str = ""
    at_name: bool = False
    status: int = 200

    @classmethod
    def of(cls, section: str, facts: ParameterSection | None) -> AboutForm:
        if facts is None:
            return cls(section, section, "", folded=False)
        return cls(section, section, facts.description, facts.collapsed)

    @classmethod
    def read(cls, task: Task, data: QueryDict) -> AboutForm:
        """A form without a name is one that describes only."""
        section = known_section(task, data.get("section", ""))
        return cls(
            section=section,
            to=data.get("to", section),
            description=data.get("description", "").replace("\r\n", "\n").strip(),
            folded="folded" in data,
        )


def save_about(task: Task, form: AboutForm, by: Actor) -> AboutForm:
    """The form under its new name, or with what was wrong in it and a status that says so."""
    section = form.section
    try:
        check_text(form.description, "description")
        if form.to != section:
            rename_section(task=task, section=section, to=form.to, by=by)
            section = checked_key(form.to, "name", "section")[0]
    except ExperimentError as error:
        return replace(form, error=sentence_of(error), at_name=form.to != section, status=422)
    try:
        describe_section(
            task=task, section=section, description=form.description, collapsed=form.folded, by=by
        )
    except ExperimentError as error:
        return replace(form, section=section, error=sentence_of(error), status=422)
    return replace(form, section=section)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes with a section: the parameters to look at before, and a seal of all of them."""

    section: str
    count: int
    rows: list[tuple[str, str]]
    seal: str
    error: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def leaving(task: Task, section: str, error: str = "") -> Leaving:
    items = task.hyperparams.get(section, {})
    rows = [(name, _shown(f"{section}/{name}", item)) for name, item in items.items()][:LISTED]
    return Leaving(section, len(items), rows, seal_of_all(items), error)


def take_away(task: Task, data: QueryDict, by: Actor) -> tuple[Leaving, int]:
    """Removes the section if it still is what was shown; with the status of a refusal, or 0."""
    section = known_section(task, data.get("section", ""))
    seen = task.hyperparams.get(section, {})
    if data.get("seal") != seal_of_all(seen):
        return leaving(task, section, _CHANGED), 409
    try:
        remove_section(task=task, section=section, seen=seen, by=by)
    except ValueChangedMeanwhile:
        task.refresh_from_db(fields=["hyperparams"])
        return leaving(task, section, _CHANGED), 409
    except ExperimentError as error:
        return leaving(task, section, sentence_of(error)), 422
    return leaving(task, section), 0


def _shown(key: str, item: Item) -> str:
    value = item.value or ""
    if is_secret(key, value):
        return MASK
    return value if len(value) <= SHOWN else value[:SHOWN] + "…"
