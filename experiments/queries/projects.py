"""Projects as people see them: with counts, activity and what lies beneath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet

from experiments.models import Project, Role, Task, User
from experiments.queries.access import projects_with, under, visible_projects


@dataclass(slots=True)
class ProjectCard:
    """One project with the sums over itself and everything under it.

    `counts` maps a status to the number of experiments that are not archived.
    """

    project: Project
    counts: dict[str, int] = field(default_factory=dict)
    last_update: datetime | None = None
    children: list[ProjectCard] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, counts: dict[str, int], last_update: datetime | None) -> None:
        for status, number in counts.items():
            self.counts[status] = self.counts.get(status, 0) + number
            if not self.counts[status]:
                del self.counts[status]
        if last_update and (self.last_update is None or last_update > self.last_update):
            self.last_update = last_update


def projects_visible(user: User) -> QuerySet[Project]:
    """All projects `user` may see, by path."""
    visible = visible_projects(user)
    projects = Project.objects.select_related("parent", "owner").order_by("name")
    return projects if visible is None else projects.filter(pk__in=visible)


def projects_editable(user: User) -> list[Project]:
    """Those of them in which `user` may make and change things, by path."""
    ids = projects_with(user, Role.EDITOR)
    return [found for found in projects_visible(user) if found.pk in ids]


def project_cards(
    user: User, *, parent: Project | None = None, text: str = ""
) -> list[ProjectCard]:
    """The tree of projects below `parent` (None: all), or those whose path contains `text`.

    A project whose parent may not be seen stands at the top.
    """
    projects = projects_visible(user)
    if parent is not None:
        projects = projects.filter(under(parent))
    if text:
        projects = projects.filter(name__has_text=text)
    cards = {project.pk: ProjectCard(project) for project in projects}
    _add_own_sums(cards)
    top = []
    # Deepest first, so that a card is complete when it is added to its parent.
    for card in sorted(cards.values(), key=lambda card: -card.project.name.count("/")):
        above = cards.get(card.project.parent_id or 0)
        if above is None:
            top.append(card)
        else:
            above.add(card.counts, card.last_update)
            above.children.append(card)
    for card in cards.values():
        card.children.sort(key=lambda child: child.project.name)
    return sorted(top, key=lambda card: card.project.name)


def _add_own_sums(cards: dict[int, ProjectCard]) -> None:
    # All of them from the index by status alone; the archived, who are few, are taken off again.
    tasks = Task.objects.filter(project__in=list(cards))
    for rows, sign in ((tasks, 1), (tasks.filter(archived=True), -1)):
        counted = rows.values("project", "status").annotate(number=Count("pk")).order_by()
        for row in counted:
            cards[row["project"]].add({row["status"]: sign * row["number"]}, None)
    for project, card in cards.items():
        # One seek along (project, last_update): cheaper than a maximum per group.
        newest = (
            Task.objects.filter(project=project)
            .order_by("-last_update")
            .values_list("last_update", flat=True)[:1]
        )
        card.add({}, next(iter(newest), None))


def projects_named(names: Iterable[str], user: User) -> list[Project]:
    return list(projects_visible(user).filter(name__in=list(names)))
