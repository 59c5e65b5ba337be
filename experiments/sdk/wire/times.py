"""Moments and versions as the protocol writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def to_wire(moment: datetime | None) -> str | None:
    """`2026-01-02T03:04:05.123456+00:00`"""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
