"""Every address of the site. Each name needs a line in `webui.policy`, or the start fails."""

from __future__ import annotations

from django.urls import include, path

from webui.pages import (
    credentials,
    experiments,
    failures,
    healthz,
    links,
    login,
    profile,
    projects,
    setup,
    theme,
    workers,
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
    path("experiments/<str:uid>/", include("webui.experiment_urls")),
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
    path("queues/", include("webui.queue_urls")),
    path("workers/", workers.worker_list, name="worker-list"),
    path("workers/<int:worker>/charts/", workers.charts, name="worker-charts"),
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
    path("", include("experiments.files.urls")),
    path("", include("experiments.sdk.urls")),
]
