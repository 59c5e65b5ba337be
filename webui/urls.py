"""Every address of the site. Each name needs a line in `webui.policy`, or the start fails."""

from __future__ import annotations

from django.urls import include, path

from webui.pages import (
    configuration,
    console,
    credentials,
    experiments,
    facts,
    failures,
    healthz,
    history,
    info,
    links,
    login,
    profile,
    projects,
    scalars,
    setup,
    theme,
)

handler400 = failures.bad_request
handler403 = failures.denied
handler404 = failures.not_found
handler500 = failures.server_error

urlpatterns = [
    path("", projects.project_list, name="project-list"),
    path("connect/", projects.connect, name="connect"),
    path("connect/first/", projects.first_experiment, name="first-experiment"),
    path("search/", experiments.search, name="search"),
    path("experiments/", experiments.experiment_list, name="experiment-list"),
    path("experiments/columns/", experiments.experiment_columns, name="experiment-columns"),
    path("experiments/<str:uid>/", links.experiment, name="experiment"),
    path("experiments/<str:uid>/history/", history.history, name="experiment-history"),
    path("experiments/<str:uid>/history/revert/", history.revert, name="experiment-revert"),
    path(
        "experiments/<str:uid>/history/revert-to/", history.revert_all, name="experiment-revert-to"
    ),
    path(
        "experiments/<str:uid>/configuration/",
        configuration.configuration,
        name="experiment-configuration",
    ),
    path(
        "experiments/<str:uid>/configuration/edit/",
        configuration.edit,
        name="experiment-edit-parameter",
    ),
    path(
        "experiments/<str:uid>/configuration/reveal/",
        configuration.reveal,
        name="experiment-reveal-parameter",
    ),
    path(
        "experiments/<str:uid>/configuration/parameter/",
        configuration.parameter_row,
        name="experiment-parameter",
    ),
    path(
        "experiments/<str:uid>/configuration/describe/",
        configuration.describe,
        name="experiment-describe-section",
    ),
    path(
        "experiments/<str:uid>/configuration/rows/",
        configuration.section_rows,
        name="experiment-section-rows",
    ),
    path(
        "experiments/<str:uid>/configuration/object/",
        configuration.configuration_object,
        name="experiment-configuration-object",
    ),
    path(
        "experiments/<str:uid>/configuration/download/",
        configuration.configuration_download,
        name="experiment-configuration-download",
    ),
    path("experiments/<str:uid>/edit/", facts.facts, name="experiment-facts"),
    path("experiments/<str:uid>/info/", info.info, name="experiment-info"),
    path("experiments/<str:uid>/console/", console.console, name="experiment-console"),
    path(
        "experiments/<str:uid>/console/tail/", console.console_tail, name="experiment-console-tail"
    ),
    path(
        "experiments/<str:uid>/console/download/",
        console.console_download,
        name="experiment-console-download",
    ),
    path("experiments/<str:uid>/scalars/", scalars.scalars, name="experiment-scalars"),
    path("projects/<str:uid>/", projects.project, name="project"),
    path(
        "projects/<str:uid>/experiments/", experiments.experiment_list, name="project-experiments"
    ),
    path(
        "projects/<str:uid>/experiments/columns/",
        experiments.experiment_columns,
        name="project-experiment-columns",
    ),
    # What the SDK prints. Its own addresses have no slash at the end.
    path("projects/<str:project>", links.sdk_project, name="sdk-project"),
    path(
        "projects/<str:project>/experiments/<str:uid>",
        links.sdk_experiment,
        name="sdk-experiment-short",
    ),
    path(
        "projects/<str:project>/experiments/<str:uid>/<path:rest>",
        links.sdk_experiment,
        name="sdk-experiment",
    ),
    path("projects/<str:project>/tasks/<str:uid>", links.sdk_experiment, name="sdk-task-short"),
    path(
        "projects/<str:project>/tasks/<str:uid>/<path:rest>",
        links.sdk_experiment,
        name="sdk-task",
    ),
    path("login/", login.login, name="login"),
    path("login/<str:token>/", login.sign_in_link, name="sign-in-link"),
    path("setup/<str:token>/", setup.setup, name="setup"),
    path("logout/", login.logout, name="logout"),
    path("theme/", theme.choose_theme, name="theme"),
    path("settings/", profile.profile, name="settings"),
    path("settings/credentials/", credentials.credentials, name="settings-credentials"),
    path(
        "settings/credentials/<str:access_key>/revoke/",
        credentials.revoke,
        name="settings-revoke-credentials",
    ),
    path("healthz", healthz.healthz, name="healthz"),
    path("", include("experiments.sdk.urls")),
]
