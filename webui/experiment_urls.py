"""The addresses below `/experiments/<id>/`: tabs, and what they do."""

from __future__ import annotations

from django.urls import path

from webui.pages import (
    actions,
    artifacts,
    changes,
    configuration,
    console,
    copying,
    execution,
    facts,
    history,
    info,
    links,
    object_diff,
    object_form,
    objects,
    parameters,
    pasting,
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
    path("configuration/changes/", changes.changes, name="experiment-changes"),
    path("configuration/copy/", copying.copy, name="experiment-copy"),
    path(
        "configuration/describe/",
        sections.describe,
        name="experiment-describe-section",
    ),
    path("configuration/section/", sections.form, name="experiment-section-form"),
    path("configuration/section/remove/", sections.remove, name="experiment-remove-section"),
    path("configuration/paste/", pasting.paste, name="experiment-paste"),
    path("configuration/unlock/", sections.unlock, name="experiment-unlock-properties"),
    path(
        "configuration/rows/",
        configuration.section_rows,
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
    path("configuration/object/lines/", objects.object_lines, name="experiment-object-lines"),
    path("configuration/object/tree/", objects.object_tree, name="experiment-object-tree"),
    path("configuration/object/reveal/", objects.reveal, name="experiment-object-reveal"),
    path("configuration/object/edit/", object_form.object_form, name="experiment-object-form"),
    path("configuration/object/diff/", object_diff.object_diff, name="experiment-object-diff"),
    path("edit/", facts.facts, name="experiment-facts"),
    path("execution/", execution.execution, name="experiment-execution"),
    path("execution/edit/", execution.edit, name="experiment-edit-execution"),
    path("execution/reveal/", execution.reveal, name="experiment-reveal-execution"),
    path("execution/changes/", execution.changes, name="experiment-execution-changes"),
    path("execution/download/", execution.download, name="experiment-execution-download"),
    path("info/", info.info, name="experiment-info"),
    path("console/", console.console, name="experiment-console"),
    path("console/tail/", console.console_tail, name="experiment-console-tail"),
    path(
        "console/download/",
        console.console_download,
        name="experiment-console-download",
    ),
    path("actions/<str:action>/", actions.action, name="experiment-action"),
    path("artifacts/", artifacts.artifacts, name="experiment-artifacts"),
    path("scalars/", scalars.scalars, name="experiment-scalars"),
]
