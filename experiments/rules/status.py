"""The status machine: which transitions exist, and what they do to the task's times."""

from __future__ import annotations

from enum import StrEnum

from experiments.errors import InvalidTaskStatus


class Status(StrEnum):
    CREATED = "created"
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    STOPPED = "stopped"
    CLOSED = "closed"
    FAILED = "failed"
    COMPLETED = "completed"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNKNOWN = "unknown"


LABELS = {
    Status.CREATED: "Draft",
    Status.QUEUED: "Pending",
    Status.IN_PROGRESS: "Running",
    Status.STOPPED: "Aborted",
    Status.CLOSED: "Closed",
    Status.FAILED: "Failed",
    Status.COMPLETED: "Completed",
    Status.PUBLISHING: "Publishing",
    Status.PUBLISHED: "Published",
    Status.UNKNOWN: "Unknown",
}

S = Status
TRANSITIONS: dict[Status, frozenset[Status]] = {
    S.CREATED: frozenset({S.QUEUED, S.IN_PROGRESS}),
    S.QUEUED: frozenset({S.CREATED, S.IN_PROGRESS, S.STOPPED}),
    S.IN_PROGRESS: frozenset({S.STOPPED, S.FAILED, S.CREATED, S.COMPLETED}),
    S.STOPPED: frozenset(
        {
            S.CLOSED,
            S.CREATED,
            S.FAILED,
            S.QUEUED,
            S.IN_PROGRESS,
            S.PUBLISHED,
            S.PUBLISHING,
            S.COMPLETED,
        }
    ),
    S.CLOSED: frozenset({S.CREATED, S.FAILED, S.PUBLISHED, S.PUBLISHING, S.STOPPED}),
    S.FAILED: frozenset({S.CREATED, S.STOPPED, S.PUBLISHED, S.QUEUED}),
    S.COMPLETED: frozenset({S.PUBLISHED, S.IN_PROGRESS, S.CREATED}),
    S.PUBLISHING: frozenset({S.PUBLISHED}),
    S.PUBLISHED: frozenset(),
    S.UNKNOWN: frozenset(),
}

# What workers look for in `status_message`; they end the process and say that it has stopped.
STOPPING = "stopping"
OVER = frozenset({S.STOPPED, S.CLOSED, S.FAILED, S.COMPLETED, S.PUBLISHING, S.PUBLISHED})
LOCKED = frozenset({S.PUBLISHING, S.PUBLISHED})
ACTIVE = frozenset({S.QUEUED, S.IN_PROGRESS})


def allowed(found: str, wanted: str, *, force: bool = False) -> bool:
    """Whether a task may go from `found` to `wanted`; to its own status it always may."""
    return force or found == wanted or Status(wanted) in TRANSITIONS[Status(found)]


def sources(wanted: Status, *, force: bool = False) -> frozenset[Status]:
    """Every status from which `wanted` can be reached: the condition of the one UPDATE."""
    return frozenset(status for status in Status if allowed(status, wanted, force=force))


def refusal(found: str, wanted: str) -> InvalidTaskStatus:
    possible = sorted(LABELS[status] for status in TRANSITIONS[Status(found)])
    then = f"from there it can become {', '.join(possible)}" if possible else "that is final"
    return InvalidTaskStatus(
        f"it is {LABELS[Status(found)]} and cannot become {LABELS[Status(wanted)]}; {then}",
        field="status",
    )
