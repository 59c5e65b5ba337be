"""Projects."""

from __future__ import annotations

from experiments.operations.projects import create_project
from experiments.queries.access import project_for
from experiments.queries.projects import projects_visible
from experiments.sdk.auth import Call
from experiments.sdk.get_all.projects import GetAll, choose
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.wire.projection import read_projection
from experiments.sdk.wire.projects import project_to_wire


class Create(Request):
    name: str
    description: str = ""
    tags: list[str] | None = None
    system_tags: list[str] | None = None
    default_output_destination: str | None = None


class GetById(Request):
    project: str


@endpoint("projects.get_all", GetAll)
def get_all(call: Call, *, request: GetAll) -> Reply:
    """The projects one may see, searched, sorted and by page."""
    projection = read_projection(request.only_fields)
    chosen = choose(projects_visible(call.user), request)
    return {"projects": [projection.apply(project_to_wire(project)) for project in chosen]}


@endpoint("projects.create", Create, writes=True)
def create(
    call: Call,
    *,
    name: str,
    description: str,
    tags: list[str] | None,
    system_tags: list[str] | None,
    default_output_destination: str | None,
) -> Reply:
    """A new project, with the ones above it that its name mentions."""
    project = create_project(
        name=name,
        description=description,
        tags=tags,
        system_tags=system_tags,
        default_output_destination=default_output_destination,
        by=call.actor,
    )
    return {"id": project.uid}


@endpoint("projects.get_by_id", GetById)
def get_by_id(call: Call, *, project: str) -> Reply:
    """One project."""
    return {"project": project_to_wire(project_for(call.user, project))}
