"""The addresses below `/experiments/<id>/`: tabs, and what they do."""

from __future__ import annotations

from django.urls import path

from webui.pages import (
    artifacts,
    configuration,
    console,
    facts,
    history,
    info,
    links,
    objects,
    parameters,
    scalars,
    sections,
)

urlpatterns = [
    path("", links.experiment, name="experiment"),
    path("history/", history.history, name="experiment-history"),
    path("history/revert/", history.revert, name="experiment-revert"),
    path("history/revert-to/", history.revert_all, name="experiment-revert-to"),
    path(
        "configuration/",
        configuration.configuration,
        name="experiment-configuration",
    ),
    path(
        "configuration/edit/",
        parameters.edit,
        name="experiment-edit-parameter",
    ),
    path(
        "configuration/reveal/",
        parameters.reveal,
        name="experiment-reveal-parameter",
    ),
    path(
        "configuration/parameter/",
        parameters.parameter_row,
        name="experiment-parameter",
    ),
    path(
        "configuration/describe/",
        sections.describe,
        name="experiment-describe-section",
    ),
    path(
        "configuration/rows/",
        sections.section_rows,
        name="experiment-section-rows",
    ),
    path(
        "configuration/object/",
        objects.configuration_object,
        name="experiment-configuration-object",
    ),
    path(
        "configuration/download/",
        objects.configuration_download,
        name="experiment-configuration-download",
    ),
    path("edit/", facts.facts, name="experiment-facts"),
    path("info/", info.info, name="experiment-info"),
    path("console/", console.console, name="experiment-console"),
    path("console/tail/", console.console_tail, name="experiment-console-tail"),
    path(
        "console/download/",
        console.console_download,
        name="experiment-console-download",
    ),
    path("artifacts/", artifacts.artifacts, name="experiment-artifacts"),
    path("scalars/", scalars.scalars, name="experiment-scalars"),
]
