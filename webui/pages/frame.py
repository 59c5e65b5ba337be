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
from experiments.queries.metrics import metric_summaries
from experiments.queries.projects import projects_named
from experiments.rules.editing import edit_refusal
from experiments.rules.status import LABELS, Status
from webui.configuration.parent import ParentPanel, parent_panel
from webui.tables.cells import duration_text, exact_time, relative_time

TABS = {
    "configuration": "Configuration",
    "scalars": "Scalars",
    "console": "Console",
    "artifacts": "Artifacts",
    "info": "Info",
    "history": "History",
}


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
class ExperimentFrame:
    task: Task
    status_label: str
    crumbs: list[Crumb]
    tabs: list[Tab]
    created: Moment
    duration: str
    parent: ParentPanel | None
    may_edit: bool
    may_edit_facts: bool
    edit_href: str


def experiment_frame(user: User, task: Task, current: str) -> ExperimentFrame:
    """The head of a page of `task`; tabs only for what it has."""
    counts = {
        "scalars": len(metric_summaries([task])[task.id]),
        "console": log_count(task),
        "artifacts": len(task.execution.get("artifacts") or []) or file_count(task),
        "history": history_count(task),
    }
    may_edit = role_in(user, task.project) in {Role.EDITOR, Role.OWNER}
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
        parent=parent_panel(user, task),
        may_edit=may_edit,
        may_edit_facts=may_edit and not edit_refusal(task.status, "facts"),
        edit_href=f"{reverse('experiment-facts', args=[task.uid])}?back={current}",
    )


def project_crumbs(user: User, project: Project | None, *, link_last: bool = False) -> list[Crumb]:
    """One step per level of the path; levels `user` may not see are named without a link."""
    if project is None:
        return []
    parts = project.name.split("/")
    names = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    seen = {found.name: found.uid for found in projects_named(names, user)}
    if not link_last:
        seen.pop(project.name, None)
    return [
        Crumb(label, reverse("project-experiments", args=[seen[name]]) if name in seen else "")
        for label, name in zip(parts, names, strict=True)
    ]


def moment(when: datetime) -> Moment:
    return Moment(relative_time(when, datetime.now(UTC)), exact_time(when), when.isoformat())
