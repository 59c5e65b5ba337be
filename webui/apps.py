from __future__ import annotations

from django.apps import AppConfig


class WebuiConfig(AppConfig):
    name = "webui"

    def ready(self) -> None:
        from webui import checks  # noqa: F401  (importing registers them)
