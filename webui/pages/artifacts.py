"""ARTIFACTS: what an experiment has put out, with its files."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from experiments.queries.access import task_for
from experiments.queries.files import files_at, files_besides
from webui.artifacts import (
    ShownArtifact,
    ShownFile,
    artifacts_of,
    paths_named,
    shown_artifacts,
    shown_files,
)
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame

AT_ONCE = 100
PARTS = ("artifacts", "files")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a list; the addresses are queries, empty where there is nothing that way."""

    first: int
    last: int
    total: int
    earlier: str = ""
    later: str = ""

    @classmethod
    def read(cls, request: HttpRequest, name: str, total: int) -> Part:
        asked = request.GET.get(name, "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        pages = max(1, -(-total // AT_ONCE))
        number = min(max(number, 1), pages)
        others = {one: value for one, value in request.GET.items() if one in PARTS and one != name}

        def address(page: int) -> str:
            return f"?{urlencode({**others, name: page})}" if 1 <= page <= pages else ""

        start = (number - 1) * AT_ONCE
        last = min(start + AT_ONCE, total)
        return cls(start, last, total, address(number - 1), address(number + 1))


@dataclass(frozen=True, slots=True)
class ArtifactsContext:
    frame: ExperimentFrame
    artifacts: list[ShownArtifact]
    artifacts_part: Part
    files: list[ShownFile]
    files_part: Part


@require_safe
def artifacts(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    recorded = artifacts_of(task)
    part = Part.read(request, "artifacts", len(recorded))
    shown = recorded[part.first : part.last]
    others = files_besides(task, paths_named(recorded))
    files_part = Part.read(request, "files", others.count())
    context = ArtifactsContext(
        frame=experiment_frame(request.user, task, "artifacts"),
        artifacts=shown_artifacts(shown, files_at(task, paths_named(shown))),
        artifacts_part=part,
        files=shown_files(others[files_part.first : files_part.last]),
        files_part=files_part,
    )
    return render_page(
        request, "experiments/artifacts.html", "experiments/_artifacts.html", context
    )
