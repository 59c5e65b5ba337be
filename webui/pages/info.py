"""INFO: every fact of an experiment that is not configuration."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiments.models import Task, User
from experiments.queries.access import scope_for, task_for
from experiments.queries.tasks import task_count
from experiments.rules.fields import Builtin
from experiments.rules.filters import to_text
from experiments.rules.filters.tree import Compare, Literal
from webui.fragments import render_page
from webui.info import fact_groups
from webui.pages.frame import ExperimentFrame, experiment_frame
from webui.structures import Fact, FactGroup


@dataclass(frozen=True, slots=True)
class InfoContext:
    frame: ExperimentFrame
    groups: list[FactGroup]


@require_safe
def info(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "info")
    children = _children(request.user, task)
    groups = fact_groups(
        task, parent_href=frame.parent.href if frame.parent else "", children=children
    )
    context = InfoContext(frame, groups)
    return render_page(request, "experiments/info.html", "experiments/_info.html", context)


def _children(user: User, task: Task) -> Fact | None:
    """How many were cloned from it, of those `user` may see, with a way to their table."""
    where = Compare(Builtin("parent"), "=", Literal(task.uid, quoted=True))
    count = task_count(scope_for(user), where, archived=None)
    if not count.value:
        return None
    more = "+" if count.capped else ""
    text = "1 experiment" if count.value == 1 else f"{count.value:,}{more} experiments"
    query = urlencode({"filter": to_text(where)})
    return Fact("Children", text, href=f"{reverse('experiment-list')}?{query}")
