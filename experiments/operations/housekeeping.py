"""What is cleared away at each start: notes nobody will ask for again, files nobody can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Exists, OuterRef

from experiments.models import (
    ClientRead,
    DocumentRevision,
    QueueSample,
    SignInLink,
    Task,
    WorkerSample,
)
from experiments.operations.files import remove_orphans
from experiments.operations.workers import forget_workers
from experiments.rules import activity

# A script that read a task this long ago and has not written since will not write now.
KEPT = timedelta(days=30)


def clear_leftovers(*, now: datetime | None = None) -> None:
    """Ends expired sessions and links, forgets old reads and samples; statistics are renewed."""
    now = now or datetime.now(UTC)
    before = now - KEPT
    SessionStore.clear_expired()
    SignInLink.objects.filter(expires__lt=before).delete()
    quiet = Task.objects.filter(pk=OuterRef("task_id"), last_change__lt=before)
    ClientRead.objects.filter(Exists(quiet)).delete()
    wanted = ClientRead.objects.filter(task=OuterRef("task_id"), version=OuterRef("version"))
    DocumentRevision.objects.filter(~Exists(wanted)).delete()
    remove_orphans(now=now)
    _forget_samples(before=now - activity.KEPT)
    if connection.vendor == "sqlite":
        # Without statistics the planner takes a whole project's index for its few archived ones.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


def _forget_samples(*, before: datetime) -> None:
    """Of workers and queues; they clear away their own as they write, unless they are silent."""
    forget_workers(before=before)
    for model in (WorkerSample, QueueSample):
        model.objects.filter(minute__lt=before).delete()
