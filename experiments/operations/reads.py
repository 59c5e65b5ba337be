"""Remembers which version of a task's dictionaries each protocol session last saw.

The last writer knows the current version without a note (`Task.document_client`), so a
script that talks only to its own task costs nothing here.
"""

from __future__ import annotations

from typing import Any

from experiments.models import ClientRead, ConfigurationObject, DocumentRevision, Task
from experiments.operations.actor import Actor
from experiments.rules.digests import digest
from experiments.rules.document import dumps
from experiments.rules.status import Status

# What has ended is read by many, for comparison, and written back by none: the SDK refuses to.
STILL_WRITTEN = frozenset({Status.CREATED, Status.QUEUED, Status.IN_PROGRESS})


def note_read(*, task: Task, by: Actor) -> None:
    """`by` has been given the task's dictionaries as they are in `task`."""
    if not by.client or task.document_client == by.client or task.status not in STILL_WRITTEN:
        return
    known = ClientRead.objects.filter(task=task, client=by.client).values_list("version", flat=True)
    if list(known) == [task.document_version]:
        return
    version = task.document_version
    ClientRead.objects.update_or_create(task=task, client=by.client, defaults={"version": version})
    if not Task.objects.filter(pk=task.pk, document_version=version).exists():
        # Somebody wrote between the reading and this note, and kept nothing for it.
        _keep(task)


def keep_what_others_know(*, task: Task, by: Actor) -> None:
    """Before a write to a locked task: keeps its dictionaries if another session knows them."""
    version = task.document_version
    if task.document_client and task.document_client != by.client:
        ClientRead.objects.update_or_create(
            task=task, client=task.document_client, defaults={"version": version}
        )
    others = ClientRead.objects.filter(task=task, version=version).exclude(client=by.client)
    if others.exists():
        _keep(task)


def known_base(*, task: Task, by: Actor) -> dict[str, Any] | None:
    """What `by` last saw of a locked task, if somebody has changed it since; else None."""
    if not by.client or task.document_client == by.client:
        return None
    read = ClientRead.objects.filter(task=task, client=by.client).first()
    if read is None or read.version == task.document_version:
        return None
    revision = DocumentRevision.objects.filter(task=task, version=read.version).first()
    return revision.content if revision else None


def forget_reads(*, task: Task, by: Actor) -> None:
    """After a write: the writer knows what it wrote; revisions nobody refers to go."""
    ClientRead.objects.filter(task=task, client=by.client).delete()
    needed = ClientRead.objects.filter(task=task).values("version")
    DocumentRevision.objects.filter(task=task).exclude(version__in=needed).delete()


def _keep(task: Task) -> None:
    DocumentRevision.objects.get_or_create(
        task=task, version=task.document_version, defaults={"content": _content(task)}
    )


def _content(task: Task) -> dict[str, Any]:
    objects = ConfigurationObject.objects.filter(task=task)
    return {
        "hyperparams": dumps(task.hyperparams),
        "configuration": {o.name: digest(o.value, o.type, o.description) for o in objects},
        "runtime": task.runtime,
    }
