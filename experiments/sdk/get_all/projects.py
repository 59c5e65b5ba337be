"""`projects.get_all`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from experiments.models import Project
from experiments.sdk.get_all import few
from experiments.sdk.get_all.few import Searched

TEXTS: dict[str, Callable[[Project], str]] = {
    "id": lambda project: project.uid,
    "name": lambda project: project.name,
    "basename": lambda project: project.basename,
    "description": lambda project: project.description,
}
PROJECTS = Searched[Project](
    noun="projects",
    texts=TEXTS,
    orders=TEXTS
    | {
        "created": lambda project: project.created,
        "last_update": lambda project: project.last_update,
    },
    patterns=("name", "basename", "description"),
)


class GetAll(few.GetAll):
    parent: list[str] | None = None
    basename: str | None = None
    description: str | None = None
    shallow_search: bool = False


def choose(projects: Iterable[Project], request: GetAll) -> list[Project]:
    """Those asked for, in the order and window asked for. Raises InvalidField."""
    projects = list(projects)
    return few.choose(projects, request, PROJECTS, _placed(projects, request))


def _placed(projects: Sequence[Project], request: GetAll) -> Callable[[Project], bool]:
    """Everywhere under the given parents (under all by default); shallow: directly there."""
    if request.parent is None:
        return lambda project: not request.shallow_search or project.parent_id is None
    wanted = frozenset(request.parent)
    parents = [project for project in projects if project.uid in wanted]
    if request.shallow_search:
        ids = {parent.id for parent in parents}
        return lambda project: project.parent_id in ids
    prefixes = tuple(f"{parent.name}/" for parent in parents)
    return lambda project: project.name.startswith(prefixes)
