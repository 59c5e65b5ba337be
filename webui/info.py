"""The facts of an experiment as INFO groups them; no markup here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.urls import reverse

from experiments.models import Task
from experiments.rules.status import LABELS, Status
from webui.structures import Fact, FactGroup, fact_group, structured
from webui.tables.cells import duration_text, exact_time, relative_time

_RUNTIME = {
    "hostname": "Host", "platform": "Platform", "OS": "Operating system",
    "processor": "Processor", "cpu_cores": "CPU cores", "memory_gb": "Memory (GB)",
    "gpu_count": "GPUs", "gpu_type": "GPU", "gpu_memory": "GPU memory",
    "gpu_driver_version": "GPU driver", "gpu_driver_cuda_version": "CUDA",
    "python_version": "Python", "python_exec": "Python path", "CLEARML VERSION": "ClearML SDK",
    "progress": "Progress (%)",
}  # fmt: skip


def fact_groups(task: Task, *, parent_href: str, children: Fact | None) -> list[FactGroup]:
    """The groups that have anything to say; how it is run stands in EXECUTION."""
    groups = [
        fact_group("Experiment", _identity(task, parent_href, children)),
        fact_group("Status", _status(task)),
        fact_group("Times", _times(task)),
        structured("Machine", task.runtime, _RUNTIME),
        structured("Models", task.models, {}),
    ]
    return [group for group in groups if group.facts or group.blocks]


def _identity(task: Task, parent_href: str, children: Fact | None) -> Iterator[Fact]:
    yield Fact("Id", task.uid, copy=task.uid, code=True)
    yield Fact("Type", task.type)
    project = task.project
    yield Fact("Project", project.name, href=reverse("project-experiments", args=[project.uid]))
    yield Fact("User", str(task.user))
    yield Fact("Tags", ", ".join(task.tags))
    yield Fact("System tags", ", ".join(task.system_tags))
    yield Fact("Archived", "Yes" if task.archived else "No")
    if task.parent:
        yield Fact("Parent", task.parent.name, href=parent_href)
    if children:
        yield children
    yield Fact("Configuration version", f"{task.document_version:,}")


def _status(task: Task) -> Iterator[Fact]:
    yield Fact("Status", LABELS[Status(task.status)])
    yield Fact("Reason", task.status_reason)
    yield Fact("Message", task.status_message)
    yield Fact("Edited after the run", "Yes" if task.edited_after_run else "")
    yield Fact("Last iteration", f"{task.last_iteration:,}" if task.started else "")


def _times(task: Task) -> Iterator[Fact]:
    now = datetime.now(UTC)
    for label, when in (
        ("Created", task.created),
        ("Started", task.started),
        ("Completed", task.completed),
        ("Status changed", task.status_changed),
        ("Last update", task.last_update),
        ("Last change", task.last_change),
        ("Worker’s last report", task.last_worker_report),
    ):
        if when:
            yield Fact(label, exact_time(when), relative_time(when, now), iso=when.isoformat())
    if task.active_seconds is not None:
        yield Fact("Duration", duration_text(task.active_seconds))
