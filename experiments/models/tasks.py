"""The task: one row that shows a whole page."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from experiments.models.fields import (
    DocumentField,
    InstantField,
    NameField,
    PlainTextField,
    StructureField,
)
from experiments.models.identifiers import new_uid
from experiments.models.projects import Project
from experiments.rules.status import Status


class Task(models.Model):
    """`id` rises with `created`, so "newest first" walks an index by id.

    `document_version` counts changes of `hyperparams`, configuration objects and
    `runtime`; `document_client` is the protocol session that wrote it last ("" for the
    browser). See `experiments.operations.merging`.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, db_index=False)
    name = NameField(max_length=1024)
    type = NameField(max_length=32, default="training")
    status = models.CharField(max_length=16, default=Status.CREATED)
    archived = models.BooleanField(default=False)
    edited_after_run = models.BooleanField(default=False)
    properties_unlocked = models.BooleanField(default=False)
    created = InstantField()
    started = InstantField(null=True)
    completed = InstantField(null=True)
    status_changed = InstantField()
    last_update = InstantField()
    last_change = InstantField()
    last_iteration = models.BigIntegerField(default=0)
    last_worker = PlainTextField(default="")
    last_worker_report = InstantField(null=True)
    status_reason = PlainTextField(default="")
    status_message = PlainTextField(default="")
    comment = PlainTextField(default="")
    tags = StructureField(default=list)
    system_tags = StructureField(default=list)
    document_version = models.IntegerField(default=0)
    document_client = models.CharField(max_length=32, default="")
    hyperparams = DocumentField(default=dict)
    # The wide ones last: SQLite reads a row's overflow pages only when it needs them.
    runtime = StructureField(default=dict)
    execution = StructureField(default=dict)
    container = StructureField(default=dict)
    output = StructureField(default=dict)
    models = StructureField(default=dict)
    script = StructureField(default=dict)

    class Meta:
        indexes = [
            # Walked by id; `archived` is there so that the walk need not read the rows.
            models.Index(fields=["project", "id", "archived"], name="task_newest"),
            models.Index(
                fields=["project", "id"],
                name="task_archived",
                condition=models.Q(archived=True),
            ),
            models.Index(fields=["project", "status", "id"], name="task_by_status"),
            models.Index(fields=["project", "name", "id"], name="task_by_name"),
            models.Index(fields=["project", "last_update", "id"], name="task_by_update"),
            models.Index(fields=["project", "user", "id"], name="task_by_user"),
            models.Index(
                fields=["parent", "id"],
                name="task_by_parent",
                condition=models.Q(parent__isnull=False),
            ),
        ]

    @property
    def active_seconds(self) -> int | None:
        """Seconds between start and end; while running, up to the last report."""
        if self.started is None:
            return None
        end = self.completed or self.last_update
        return max(0, int((end - self.started).total_seconds()))


class ParameterSection(models.Model):
    """A section that has facts of its own; most have none and live in the document only."""

    task = models.ForeignKey(Task, models.CASCADE, db_index=False, related_name="sections")
    name = NameField(max_length=1024)
    position = models.IntegerField(null=True)
    origin = models.CharField(max_length=16, default="")
    collapsed = models.BooleanField(default=False)
    description = PlainTextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "name"], name="one_row_per_section")]


class ConfigurationObject(models.Model):
    """A named text blob, kept byte for byte."""

    task = models.ForeignKey(Task, models.CASCADE, db_index=False, related_name="configurations")
    name = NameField(max_length=1024)
    type = PlainTextField(null=True)
    description = PlainTextField(null=True)
    value = PlainTextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "name"], name="one_object_per_name")]
