"""Making projects and giving people roles in them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from experiments.errors import InvalidField, NotAllowed, NotUnique
from experiments.models import Membership, Project, Role, User
from experiments.operations.actor import Actor
from experiments.queries.access import role_in
from experiments.queries.projects import projects_named
from experiments.rules.names import check_name, check_text


def create_project(
    *,
    name: str,
    description: str = "",
    by: Actor,
    now: datetime | None = None,
    tags: list[str] | None = None,
    system_tags: list[str] | None = None,
    default_output_destination: str | None = None,
) -> Project:
    """A project with the ancestors its path names. Raises InvalidField, NotUnique, NotAllowed."""
    now = now or datetime.now(UTC)
    path = project_path(name)
    check_text(description, "description")
    with transaction.atomic():
        parent = None
        for depth in range(1, len(path) + 1):
            step = "/".join(path[:depth])
            last = depth == len(path)
            facts = {
                "description": description,
                "tags": tags or [],
                "system_tags": system_tags or [],
                "default_output_destination": default_output_destination,
            }
            project, made = Project.objects.get_or_create(
                name=step,
                defaults={
                    "parent": parent,
                    "owner": by.user,
                    "created": now,
                    "last_update": now,
                    **(facts if last else {}),
                },
            )
            if last and not made:
                raise NotUnique(f"a project named {step}", field="name")
            if not made and role_in(by.user, project) not in {Role.EDITOR, Role.OWNER}:
                raise NotAllowed(f"you may not add to the project {step}", field="name")
            parent = project
    return project


def project_called(*, name: str, by: Actor, now: datetime | None = None) -> Project:
    """The project of that path, made where it is missing. Raises InvalidField, NotAllowed."""
    path = "/".join(project_path(name))
    for found in projects_named([path], by.user):
        return found
    return create_project(name=path, by=by, now=now)


def share_project(*, project: Project, user: User, role: Role, by: Actor) -> None:
    """Gives one person a role in the project and everything below it. Owners only."""
    _require_owner(project, by)
    Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})


def set_default_role(*, project: Project, role: Role | None, by: Actor) -> None:
    """What everybody else has in the project; None: as in the project above. Owners only."""
    _require_owner(project, by)
    Project.objects.filter(pk=project.pk).update(default_role=role)


def project_path(name: str) -> list[str]:
    """The parts of a project's path, each checked and without surrounding blanks."""
    parts = [part.strip() for part in check_name(name, "name").split("/")]
    if not all(parts):
        raise InvalidField("name has an empty part between slashes", field="name")
    return parts


def _require_owner(project: Project, by: Actor) -> None:
    if role_in(by.user, project) != Role.OWNER:
        raise NotAllowed(f"only an owner may share {project.name}", field="project")
