"""The endpoints: each module here declares those of one service, or of one side of it."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def load() -> None:
    """Imports every module of this package, which registers its endpoints."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
