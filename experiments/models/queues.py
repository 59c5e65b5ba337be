"""Queues of tasks that wait for a worker, and the workers that take them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from experiments.models.fields import InstantField, NameField, PlainTextField, StructureField
from experiments.models.identifiers import new_uid
from experiments.models.tasks import Task


class Queue(models.Model):
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    name = NameField(max_length=1024, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)
    tags = StructureField(default=list)
    system_tags = StructureField(default=list)
    metadata = StructureField(default=dict)
    created = InstantField()
    last_update = InstantField()


class QueueEntry(models.Model):
    """A task's place in the one queue it waits in; lower positions are taken first."""

    queue = models.ForeignKey(Queue, models.CASCADE, db_index=False, related_name="entries")
    task = models.OneToOneField(Task, models.CASCADE, related_name="queue_entry")
    position = models.BigIntegerField()
    added = InstantField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["queue", "position", "id"], name="queue_in_order")]


class QueueSample(models.Model):
    """What happened in a queue in one minute: `waited` are seconds, summed over `taken` tasks."""

    queue = models.ForeignKey(Queue, models.CASCADE, db_index=False)
    minute = InstantField()
    entries = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    waited = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "minute"], name="one_queue_sample")]


class Worker(models.Model):
    """A process that listens to queues; `name` is what it calls itself (`host:gpu0`).

    `queues` are ids. `timeout` is in seconds: one that has not reported for so long is gone, and
    so is one that `left` with a word of it.
    """

    name = NameField(max_length=1024, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    address = PlainTextField(default="")
    registered = InstantField()
    last_report = InstantField()
    left = InstantField(null=True)
    timeout = models.IntegerField(default=600)
    tags = StructureField(default=list)
    system_tags = StructureField(default=list)
    queues = StructureField(default=list)
    queue = models.ForeignKey(Queue, models.SET_NULL, null=True, db_index=False)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="workers")
    task_since = InstantField(null=True)


class WorkerSample(models.Model):
    """What a worker reported in one minute: the last numbers by the names it gives them."""

    worker = models.ForeignKey(Worker, models.CASCADE, db_index=False)
    minute = InstantField()
    busy = models.BooleanField(default=False)
    stats = StructureField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "minute"], name="one_worker_sample")
        ]
