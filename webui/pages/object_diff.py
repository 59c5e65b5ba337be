"""A configuration object against the parent's, another one, or an earlier state of itself."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiments.errors import PageNotFound
from experiments.models import Task
from experiments.queries.access import task_for
from webui.configuration.object_diffs import ObjectDiff, line_view
from webui.configuration.object_key_diffs import KeyDiff, key_view
from webui.configuration.object_sides import Sides, sides_of
from webui.configuration.objects import back_to_object
from webui.pages.frame import ExperimentFrame, experiment_frame

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class ObjectDiffContext:
    """`lines` None: shown by keys. `keys` holds at least why it cannot be."""

    frame: ExperimentFrame
    task: Task
    name: str
    against: str
    back: str
    sides: Sides
    lines: ObjectDiff | None
    keys: KeyDiff | None
    whole: bool

    def query(self, **changes: str) -> str:
        return "?" + urlencode({"name": self.name, "against": self.against, **changes})

    @property
    def by_keys(self) -> str:
        return self.query()

    @property
    def unified(self) -> str:
        return self.query(view="unified", **({"all": "1"} if self.whole else {}))

    @property
    def split(self) -> str:
        return self.query(view="split", **({"all": "1"} if self.whole else {}))

    @property
    def all_lines(self) -> str:
        return self.query(view=self._view, all="1")

    @property
    def next_lines(self) -> str:
        more = {"from": self.lines.next} if self.lines else {}
        return self.query(view=self._view, **({"all": "1"} if self.whole else {}), **more)

    @property
    def _view(self) -> str:
        return "split" if self.lines and self.lines.split else "unified"


@require_safe
def object_diff(request: HttpRequest, uid: str) -> HttpResponse:
    """By key path where both can be read so; `view` asks for lines, unified or split."""
    task = task_for(request.user, uid)
    name, against = request.GET.get("name", ""), request.GET.get("against", "")
    if not against:
        return HttpResponseRedirect(back_to_object(task, name))
    sides = sides_of(request.user, task, name, against)
    if sides is None:
        raise PageNotFound("there is nothing of that name to compare with")
    view, whole = request.GET.get("view", ""), request.GET.get("all") == "1"
    keys = None if view else key_view(*sides)
    lines = None
    if keys is None or keys.unread:
        start = _number(request.GET.get("from", ""))
        lines = line_view(*sides, split=view == "split", whole=whole, start=start)
    frame = experiment_frame(request.user, task, "configuration")
    page = ObjectDiffContext(
        frame, task, name, against, back_to_object(task, name), sides, lines, keys, whole
    )
    return render(request, "experiments/object_diff.html", {"page": page})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
