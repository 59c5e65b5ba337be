"""Fixtures for all tests; those of the real server are in `tests.server`."""

from __future__ import annotations

pytest_plugins = ["tests.people", "tests.server", "tests.uploads"]
