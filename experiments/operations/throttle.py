"""Counts attempts, in the database so that all processes share the count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from experiments.errors import TooManyAttempts
from experiments.models import Throttle

_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    attempts: int
    window: timedelta


def admit(*, subject: str, limit: Limit, now: datetime | None = None) -> None:
    """Counts one attempt. Raises TooManyAttempts; a success should call `forgive`.

    Counting comes before trying, else parallel guesses would all see the same low count.
    """
    now = now or datetime.now(UTC)
    fresh = {"window_start": now, "attempts": 0}
    _, made = Throttle.objects.get_or_create(subject=subject, defaults=fresh)
    if made:
        Throttle.objects.filter(window_start__lt=now - _FORGOTTEN_AFTER).delete()
    row = Throttle.objects.filter(subject=subject)
    row.filter(window_start__lte=now - limit.window).update(**fresh)
    if not row.filter(attempts__lt=limit.attempts).update(attempts=F("attempts") + 1):
        minutes = int(limit.window.total_seconds() // 60)
        raise TooManyAttempts(f"wait up to {minutes} minutes")


def forgive(*, subject: str) -> None:
    Throttle.objects.filter(subject=subject).delete()
