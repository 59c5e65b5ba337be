"""The system check of the protocol: every declaration fits its function."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from experiments.sdk import registry, services


@register()
def endpoints_fit_their_functions(**_: Any) -> list[Error]:
    services.load()
    return [
        Error(f"{declared.name}: {wrong}.", id="experiments.sdk.E001")
        for declared in registry.all_endpoints()
        if (wrong := registry.mismatch(declared))
    ]
