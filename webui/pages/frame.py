"""What stands around a page: the way to it through the projects, and an experiment's head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse

from experiments.models import Project, Role, Task, User
from experiments.queries.access import role_in
from experiments.queries.events import log_count
from experiments.queries.files import file_count
from experiments.queries.history import history_count
from experiments.queries.metrics import metric_count
from experiments.queries.projects import project_uids
from experiments.rules.editing import edit_refusal
from experiments.rules.status import LABELS, Status
from webui.actions import ActionMenu, action_menu
from webui.configuration.parent import ParentPanel, parent_panel
from webui.configuration.watching import watch_address
from webui.tables.cells import duration_text, exact_time, relative_time

TABS = {
    "configuration": "Configuration",
    "execution": "Execution",
    "scalars": "Scalars",
    "console": "Console",
    "artifacts": "Artifacts",
    "info": "Info",
    "history": "History",
}

SHORT_DESCRIPTION = 180  # characters on one line


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way; without an address it is only named."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as people read it, with what a machine and a tooltip need."""

    text: str
    exact: str
    iso: str


@dataclass(frozen=True, slots=True)
class Description:
    """`begin` is what stands there folded; "" where the whole is short."""

    text: str
    begin: str


@dataclass(frozen=True, slots=True)
class ExperimentFrame:
    task: Task
    status_label: str
    crumbs: list[Crumb]
    tabs: list[Tab]
    created: Moment
    duration: str
    description: Description | None
    parent: ParentPanel | None
    may_edit: bool
    owns: bool
    may_edit_facts: bool
    edit_href: str
    actions: ActionMenu
    # Where a page of the configuration asks what others have changed since it was made.
    watch_href: str


def experiment_frame(user: User, task: Task, current: str) -> ExperimentFrame:
    """The head of a page of `task`; tabs only for what it has."""
    counts = {
        "scalars": metric_count(task),
        "console": log_count(task),
        "artifacts": len(task.execution.get("artifacts") or []) or file_count(task),
        "history": history_count(task),
    }
    role = role_in(user, task.project)
    may_edit = role in {Role.EDITOR, Role.OWNER}
    seconds = task.active_seconds
    return ExperimentFrame(
        task=task,
        status_label=LABELS[Status(task.status)],
        crumbs=project_crumbs(user, task.project, link_last=True),
        tabs=[
            Tab(
                label,
                reverse(f"experiment-{name}", args=[task.uid]),
                name == current,
                f"{counts[name]:,}" if name in counts else "",
            )
            for name, label in TABS.items()
            if counts.get(name, 1) or name == current
        ],
        created=moment(task.created),
        duration="" if seconds is None else duration_text(seconds),
        description=_description(task.comment),
        parent=parent_panel(user, task),
        may_edit=may_edit,
        owns=role is Role.OWNER,
        may_edit_facts=may_edit and not edit_refusal(task.status, "facts"),
        edit_href=f"{reverse('experiment-facts', args=[task.uid])}?back={current}",
        actions=action_menu(task, may_edit=may_edit),
        watch_href=watch_address(task) if current == "configuration" else "",
    )


def _description(text: str) -> Description | None:
    text = text.strip()
    if not text:
        return None
    first = text.partition("\n")[0]
    short = len(text) <= SHORT_DESCRIPTION and first == text
    return Description(text, "" if short else first[:SHORT_DESCRIPTION].rstrip(" .,;:"))


def project_crumbs(user: User, project: Project | None, *, link_last: bool = False) -> list[Crumb]:
    """One step per level of the path; levels `user` may not see are named without a link."""
    if project is None:
        return []
    parts = project.name.split("/")
    names = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    seen = project_uids(names, user)
    if not link_last:
        seen.pop(project.name, None)
    return [
        Crumb(label, reverse("project-experiments", args=[seen[name]]) if name in seen else "")
        for label, name in zip(parts, names, strict=True)
    ]


def moment(when: datetime) -> Moment:
    return Moment(relative_time(when, datetime.now(UTC)), exact_time(when), when.isoformat())
