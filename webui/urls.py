"""Every address of the site. Each name needs a line in `webui.policy`, or the start fails."""

from __future__ import annotations

from django.urls import include, path

from webui.pages import credentials, failures, healthz, login, profile, setup, theme

handler400 = failures.bad_request
handler403 = failures.denied
handler404 = failures.not_found
handler500 = failures.server_error

urlpatterns = [
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
