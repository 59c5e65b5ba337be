"""A task as the protocol shows it, loading and converting only what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from experiments.models import ConfigurationObject, Key, MetricSummary, Task
from experiments.operations.documents import Object
from experiments.queries.configurations import configurations_of
from experiments.queries.metric_names import metric_by_digests, metric_keys
from experiments.queries.metrics import metric_summaries
from experiments.rules.artifacts import OUTPUT
from experiments.rules.status import Status
from experiments.sdk.tokens import COMPANY_ID
from experiments.sdk.wire.metrics import last_metrics_to_wire
from experiments.sdk.wire.parameters import document_to_wire, object_to_wire
from experiments.sdk.wire.projection import EVERYTHING, Projection, columns_of
from experiments.sdk.wire.times import to_wire


class _Field(NamedTuple):
    columns: tuple[str, ...]
    value: Callable[[Task], Any]


def _plain(column: str) -> _Field:
    return _Field((column,), lambda task: getattr(task, column))


def _artifacts(task: Task) -> list[dict[str, Any]]:
    """With their modes, without which the SDK cannot delete a task."""
    return [{"mode": OUTPUT, **one} for one in task.execution.get("artifacts") or []]


def _moment(column: str) -> _Field:
    return _Field((column,), lambda task: to_wire(getattr(task, column)))


# What `note_read` asks of a task whose dictionaries are in a reply.
_VERSION = ("document_version", "document_client", "status")
DOCUMENTS = ("hyperparams", "configuration", "runtime")

FIELDS: dict[str, _Field] = {
    "id": _Field(("uid",), lambda task: task.uid),
    "name": _plain("name"),
    "type": _plain("type"),
    "status": _plain("status"),
    "status_message": _plain("status_message"),
    "status_reason": _plain("status_reason"),
    "comment": _plain("comment"),
    "user": _Field(("user",), lambda task: task.user.uid),
    "company": _Field((), lambda task: COMPANY_ID),
    "project": _Field(("project",), lambda task: task.project.uid),
    "parent": _Field(("parent",), lambda task: task.parent.uid if task.parent else None),
    "created": _moment("created"),
    "started": _moment("started"),
    "completed": _moment("completed"),
    "published": _Field(
        ("status", "status_changed"),
        lambda task: to_wire(task.status_changed) if task.status == Status.PUBLISHED else None,
    ),
    "status_changed": _moment("status_changed"),
    "last_update": _moment("last_update"),
    "last_change": _moment("last_change"),
    "last_iteration": _plain("last_iteration"),
    "last_worker": _plain("last_worker"),
    "last_worker_report": _moment("last_worker_report"),
    "active_duration": _Field(
        ("started", "completed", "last_update"), lambda task: task.active_seconds
    ),
    "tags": _plain("tags"),
    "system_tags": _plain("system_tags"),
    "script": _plain("script"),
    "execution": _Field(
        ("execution",),
        lambda task: {"parameters": {}, **task.execution, "artifacts": _artifacts(task)},
    ),
    "container": _plain("container"),
    "output": _plain("output"),
    "models": _Field(("models",), lambda task: {"input": [], "output": [], **task.models}),
    "runtime": _Field(("runtime", *_VERSION), lambda task: task.runtime),
    "hyperparams": _Field(
        ("hyperparams", *_VERSION), lambda task: document_to_wire(task.hyperparams)
    ),
}
# These two are rows of their own, fetched for all tasks of a reply at once.
_ELSEWHERE = {"configuration": _VERSION, "last_metrics": ()}
COLUMNS = {name: field.columns for name, field in FIELDS.items()} | _ELSEWHERE
_NAMED: dict[str, Callable[[Task], dict[str, Any] | None]] = {
    "project": lambda task: {"id": task.project.uid, "name": task.project.name},
    "user": lambda task: {"id": task.user.uid, "name": str(task.user)},
    "parent": lambda task: (
        {"id": task.parent.uid, "name": task.parent.name} if task.parent else None
    ),
}


def task_columns(projection: Projection) -> list[str] | None:
    """What a query must load for a reply; None: the whole row."""
    if projection.shown is None and not projection.hidden:
        return None
    return columns_of(projection, COLUMNS)


def has_documents(projection: Projection) -> bool:
    """Whether a reply shows what clients read, change and write back as a whole."""
    return any(projection.wants(name) for name in DOCUMENTS)


def tasks_to_wire(
    tasks: Sequence[Task], projection: Projection = EVERYTHING, *, named: bool = False
) -> list[dict[str, Any]]:
    """The tasks, in their order. With `named`, project, user and parent come with names."""
    metrics = _metrics(tasks, projection)
    objects: dict[int, list[ConfigurationObject]] = {}
    if projection.wants("configuration"):
        objects = configurations_of(tasks)
    wanted = [(name, field.value) for name, field in FIELDS.items() if projection.wants(name)]
    if named:
        wanted = [(name, _NAMED.get(name, value)) for name, value in wanted]
    shown = []
    for task in tasks:
        wire = {name: value(task) for name, value in wanted}
        if task.id in metrics:
            wire["last_metrics"] = last_metrics_to_wire(metrics[task.id])
        if task.id in objects:
            wire["configuration"] = _configuration(objects[task.id])
        shown.append(projection.apply(wire))
    return shown


def task_to_wire(task: Task) -> dict[str, Any]:
    return tasks_to_wire([task])[0]


def _metrics(tasks: Sequence[Task], projection: Projection) -> dict[int, list[MetricSummary]]:
    if not projection.wants("last_metrics"):
        return {}
    return metric_summaries(tasks, _metric_keys(projection.within("last_metrics")))


def _metric_keys(paths: Iterable[Sequence[str]] | None) -> list[Key] | None:
    """The metrics asked for by digests; None: all, also for a metric with all its variants."""
    if paths is None or any(len(path) < 2 for path in paths):
        return None
    names = (metric_by_digests(path[0], path[1]) for path in paths)
    return metric_keys(name for name in names if name)


def _configuration(objects: Iterable[ConfigurationObject]) -> dict[str, dict[str, str]]:
    return {
        found.name: object_to_wire(found.name, Object(found.value, found.type, found.description))
        for found in objects
    }
