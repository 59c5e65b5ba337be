"""CONFIGURATION: user properties, hyperparameters, configuration objects, as they are read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiments.models import Task
from experiments.queries.access import task_for
from experiments.queries.sections import section_facts
from webui.configuration.anchors import parameter_anchor, section_anchor
from webui.configuration.objects import ObjectPanel, ObjectReader, object_panels, objects_of_both
from webui.configuration.panels import (
    SectionPanel,
    Viewer,
    properties_panel,
    rows_asked_for,
    section_panels,
)
from webui.configuration.reading import Reading, View
from webui.fragments import render_page
from webui.pages.frame import ExperimentFrame, experiment_frame


@dataclass(frozen=True, slots=True)
class ConfigurationContext:
    frame: ExperimentFrame
    task: Task
    reading: Reading
    viewer: Viewer
    properties: SectionPanel
    sections: list[SectionPanel]
    objects: list[ObjectPanel]

    @property
    def search(self) -> str:
        return self.reading.search

    @property
    def refusal(self) -> str:
        """Why the hyperparameters cannot be edited; said once, not at each section."""
        return self.sections[0].refusal if self.sections else ""

    @property
    def may_add(self) -> bool:
        return not (self.viewer.refusal("") or self.search or self.reading.selects)

    @property
    def object_refusal(self) -> str:
        return ObjectReader(self.task, self.frame.may_edit).refusal

    @property
    def nothing_found(self) -> bool:
        return bool(self.search and not (self.properties.found or self.sections or self.objects))

    @property
    def anything(self) -> bool:
        return bool(self.properties.total or self.sections)

    @property
    def is_tree(self) -> bool:
        return self.viewer.view is View.TREE

    @property
    def tree_query(self) -> str:
        return self.reading.query(view=View.TREE)

    @property
    def flat_query(self) -> str:
        return self.reading.query(view=View.FLAT)

    @property
    def select_query(self) -> str:
        return self.reading.query(selects=not self.reading.selects)

    @property
    def hits(self) -> str:
        """What a search found, in words."""
        panels = [self.properties, *self.sections]
        lines = [line for each in self.objects for line in each.hits]
        named = [each for each in self.objects if "<mark>" in each.title]
        texts = [line.text for line in lines] + [each.title for each in named]
        hits = sum(panel.hits for panel in panels) + sum(t.count("<mark>") for t in texts)
        rows = sum(panel.found for panel in panels)
        where = [(rows, "row"), (len(lines), "line"), (len(named), "object name")]
        places = ", ".join(_counted(count, noun) for count, noun in where if count)
        return f"{_counted(hits, 'hit')} in {places}" if hits and places else "No hits"

    @property
    def arrival(self) -> str:
        """The id of the element that the address leads to."""
        if self.reading.object:
            anchors = [each.anchor for each in self.objects if each.name == self.reading.object]
            line = f"-line-{self.reading.line}" if self.reading.line else ""
            return anchors[0] + line if anchors else ""
        if self.reading.name:
            return parameter_anchor(f"{self.reading.section}/{self.reading.name}")
        return section_anchor(self.reading.section) if self.reading.section else ""


@require_safe
def configuration(request: HttpRequest, uid: str) -> HttpResponse:
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "configuration")
    reading = Reading.of(request.GET)
    viewer = Viewer(task, frame.may_edit, reading, section_facts(task))
    context = ConfigurationContext(
        frame,
        task,
        reading,
        viewer,
        properties_panel(viewer),
        section_panels(viewer),
        object_panels(
            task,
            request.GET,
            search=reading.search,
            may_edit=frame.may_edit,
            in_parent=objects_of_both(frame.parent),
        ),
    )
    return render_page(
        request,
        "experiments/configuration.html",
        "experiments/_configuration_panels.html",
        context,
    )


@require_safe
def section_rows(request: HttpRequest, uid: str) -> HttpResponse:
    """The rows of a big section from a place on, for a page that has not drawn them."""
    task = task_for(request.user, uid)
    frame = experiment_frame(request.user, task, "configuration")
    viewer = Viewer(task, frame.may_edit, Reading.of(request.GET))
    return render(
        request,
        "experiments/_parameter_rows.html",
        {"section": rows_asked_for(viewer), "task": task, "reading": viewer.reading},
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
