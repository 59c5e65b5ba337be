"""Fields, constraints and indexes. Nothing here reads or writes; see queries and operations."""

from __future__ import annotations

from experiments.models import lookups as _lookups  # noqa: F401  (registers them)
from experiments.models.accounts import Credential, SignInLink, Throttle, User
from experiments.models.events import LogBlock, ReportedEvent
from experiments.models.files import StoredFile
from experiments.models.history import ClientRead, DocumentRevision, HistoryEntry, Via
from experiments.models.index import IndexedBoolean, IndexedNumber, IndexedText, Key, Source
from experiments.models.metrics import MetricSummary, SeriesBlock
from experiments.models.projects import Membership, Project, Role
from experiments.models.queues import Queue, QueueEntry, QueueSample, Worker, WorkerSample
from experiments.models.tasks import ConfigurationObject, ParameterSection, Task

__all__ = [
    "ClientRead",
    "ConfigurationObject",
    "Credential",
    "DocumentRevision",
    "HistoryEntry",
    "IndexedBoolean",
    "IndexedNumber",
    "IndexedText",
    "Key",
    "LogBlock",
    "Membership",
    "MetricSummary",
    "ParameterSection",
    "Project",
    "Queue",
    "QueueEntry",
    "QueueSample",
    "ReportedEvent",
    "Role",
    "SeriesBlock",
    "SignInLink",
    "Source",
    "StoredFile",
    "Task",
    "Throttle",
    "User",
    "Via",
    "Worker",
    "WorkerSample",
]
