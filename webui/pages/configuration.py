"""CONFIGURATION: user properties, hyperparameters, configuration objects."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from experiments.models import Task
from experiments.queries.access import task_for
from experiments.queries.configurations import configurations
from experiments.queries.sections import section_facts
from webui.configuration.objects import ObjectPanel, object_panel
from webui.configuration.panels import SectionPanel, Viewer, properties_panel, section_panels
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class ConfigurationContext:
    frame: ExperimentFrame
    task: Task
    properties: SectionPanel
    sections: list[SectionPanel]
    objects: list[ObjectPanel]
    search: str

    @property
    def refusal(self) -> str:
        """Why the hyperparameters cannot be edited; said once, not at each section."""
        return self.sections[0].refusal if self.sections else ""

    @property
    def nothing_found(self) -> bool:
        return bool(self.search and not (self.properties.rows or self.sections or self.objects))


@require_safe
def configuration(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "configuration")
    search = request.GET.get("q", "").strip()
    viewer = Viewer(task, frame.may_edit, search, section_facts(task))
    panels = (
        object_panel(found, f"object-{place}", search)
        for place, found in enumerate(configurations(task), start=1)
    )
    context = ConfigurationContext(
        frame,
        task,
        properties_panel(viewer),
        section_panels(viewer),
        [panel for panel in panels if panel],
        search,
    )
    return render_page(
        request,
        "experiments/configuration.html",
        "experiments/_configuration_panels.html",
        context,
    )
