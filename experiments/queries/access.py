"""What a person may see and change. Every fetch of a single object goes through here.

What one may not see does not exist: it answers as an unknown id would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from experiments.errors import InvalidId, NotAllowed, ProjectNotFound, TaskNotFound
from experiments.models import Membership, Project, Role, Task, User

_UID = re.compile(r"[0-9a-f]{32}")
_RANK = {Role.NONE: 0, Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}
SITE_DEFAULT = Role.EDITOR
DICTIONARIES = ("hyperparams", "runtime", "execution", "container", "output", "models", "script")


@dataclass(frozen=True, slots=True)
class Scope:
    """The projects a list may show, by their ids; `everything` says that these are all.

    `visible` are those that may be seen at all, also from outside the list; None: every one.
    """

    projects: tuple[int, ...]
    everything: bool = False
    visible: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    parent: int | None
    owner: int | None
    default: str | None


def task_for(user: User, uid: str, need: Role = Role.VIEWER, *, light: bool = False) -> Task:
    """The task, if `user` has at least the role `need` where it is.

    A `light` one reads its dictionaries, and its parent, only when they are asked for.
    Raises InvalidId, TaskNotFound (also when it may not be seen) or NotAllowed.
    """
    tasks = Task.objects.select_related("project", "user", "parent")
    if light:
        tasks = Task.objects.select_related("project").defer(*DICTIONARIES)
    task = tasks.filter(uid=_checked(uid, "task")).first()
    if task is None or not _has_role(user, task.project, Role.VIEWER):
        raise TaskNotFound(f"id={uid}", field="task")
    _require(user, task.project, need)
    if light:
        return task
    if task.parent is not None and task.parent.project_id != task.project_id:
        hide_parents([task], visible_projects(user))
    return task


def tasks_for(user: User, uids: Iterable[str], need: Role = Role.VIEWER) -> dict[str, Task]:
    """Those of the tasks that exist and where `user` has the role; the others are left out."""
    wanted = [uid for uid in dict.fromkeys(uids) if isinstance(uid, str) and _UID.fullmatch(uid)]
    tasks = Task.objects.select_related("project", "user", "parent").filter(uid__in=wanted)
    visible = visible_projects(user)
    hide_parents(tasks, visible)
    seen = [task for task in tasks if visible is None or task.project_id in visible]
    if need == Role.VIEWER:
        return {task.uid: task for task in seen}
    may = {project: _has_role(user, project, need) for project in {t.project for t in seen}}
    return {task.uid: task for task in seen if may[task.project]}


def project_for(user: User, uid: str, need: Role = Role.VIEWER) -> Project:
    project = Project.objects.filter(uid=_checked(uid, "project")).first()
    if project is None or not _has_role(user, project, Role.VIEWER):
        raise ProjectNotFound(f"id={uid}", field="project")
    _require(user, project, need)
    return project


def role_in(user: User, project: Project) -> Role:
    if user.is_admin:
        return Role.OWNER
    parts = project.name.split("/")
    path = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    nodes = _nodes(Project.objects.filter(name__in=path))
    return _resolve(user, nodes, _memberships(user), project.id)


def may_edit(user: User, task: Task) -> bool:
    return _RANK[role_in(user, task.project)] >= _RANK[Role.EDITOR]


def editable_projects(user: User) -> frozenset[int] | None:
    """Ids of the projects in which `user` may change things; None where these are all."""
    if user.is_admin:
        return None
    return projects_with(user, Role.EDITOR)


def visible_projects(user: User) -> frozenset[int] | None:
    """Ids of the projects `user` may see; None where nothing is hidden from anybody."""
    closed = Project.objects.filter(default_role=Role.NONE).order_by().values("pk")
    shut_out = Membership.objects.filter(user=user, role=Role.NONE).order_by().values("pk")
    if user.is_admin or not closed.union(shut_out).exists():
        return None
    return projects_with(user, Role.VIEWER)


def projects_with(user: User, need: Role) -> frozenset[int]:
    """Ids of the projects in which `user` has at least the role `need`."""
    nodes, memberships = _nodes(Project.objects.all()), _memberships(user)
    return frozenset(
        project
        for project in nodes
        if user.is_admin or _RANK[_resolve(user, nodes, memberships, project)] >= _RANK[need]
    )


def scope_for(
    user: User, *, projects: Iterable[Project] | None = None, subprojects: bool = True
) -> Scope:
    """The visible part of some projects (None: of all), with what lies under them."""
    wanted = Project.objects.all()
    if projects is not None:
        projects = list(projects)
        condition = Q(pk__in=[project.pk for project in projects])
        if subprojects:
            condition = reduce(or_, map(under, projects), condition)
        wanted = wanted.filter(condition)
    ids = wanted.order_by("id").values_list("id", flat=True)
    visible = visible_projects(user)
    if visible is None:
        return Scope(tuple(ids), everything=projects is None)
    return Scope(tuple(project for project in ids if project in visible), visible=visible)


def hide_parents(tasks: Iterable[Task], visible: frozenset[int] | None) -> None:
    """Lets tasks seem to have no parent where it is in a project that may not be seen."""
    for task in tasks:
        parent = task.parent
        if parent is not None and visible is not None and parent.project_id not in visible:
            Task._meta.get_field("parent").set_cached_value(task, None)


def under(project: Project) -> Q:
    """The projects below one: a range of names, since `0` follows `/`."""
    return Q(name__gt=f"{project.name}/", name__lt=f"{project.name}0")


def _checked(uid: str, field: str) -> str:
    if not isinstance(uid, str) or not _UID.fullmatch(uid):
        raise InvalidId(f"{field} must be 32 hexadecimal digits", field=field)
    return uid


def _require(user: User, project: Project, need: Role) -> None:
    if need != Role.VIEWER and not _has_role(user, project, need):
        raise NotAllowed(f"this needs the role {need.label} in {project.name}", field="project")


def _has_role(user: User, project: Project, need: Role) -> bool:
    return _RANK[role_in(user, project)] >= _RANK[need]


def _nodes(projects: QuerySet[Project]) -> dict[int, _Node]:
    rows = projects.values_list("id", "parent_id", "owner_id", "default_role")
    return {project: _Node(parent, owner, default) for project, parent, owner, default in rows}


def _memberships(user: User) -> dict[int, str]:
    return dict(Membership.objects.filter(user=user).values_list("project_id", "role"))


def _resolve(
    user: User, nodes: dict[int, _Node], memberships: dict[int, str], project: int
) -> Role:
    """The nearest membership or default up the tree decides; ownership counts everywhere below."""
    decided: Role | None = None
    step: int | None = project
    while step is not None:
        node = nodes[step]
        if node.owner == user.id:
            return Role.OWNER
        if decided is None and step in memberships:
            decided = Role(memberships[step])
        if decided is None and node.default is not None:
            decided = Role(node.default)
        step = node.parent
    return decided or SITE_DEFAULT
