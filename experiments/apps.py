from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "experiments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from experiments import checks  # noqa: F401  (importing registers them)
        from experiments.sdk import checks as sdk_checks  # noqa: F401
