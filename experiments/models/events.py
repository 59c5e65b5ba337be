"""What scripts report besides scalars: console lines in blocks, plots and images one a row."""

from __future__ import annotations

from django.db import models

from experiments.models.fields import InstantField, NameField, PlainTextField, StructureField
from experiments.models.tasks import Task


class LogBlock(models.Model):
    """Console lines as they came, compressed; see `rules.logs`."""

    task = models.ForeignKey(Task, models.CASCADE, db_index=False)
    first = InstantField()
    last = InstantField()
    count = models.IntegerField()
    lines = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["task", "id"], name="log_in_order")]


class ReportedEvent(models.Model):
    """A plot, image or vector: the newest report of a (type, metric, variant, iteration)."""

    task = models.ForeignKey(Task, models.CASCADE, db_index=False)
    type = models.CharField(max_length=32)
    metric = NameField(max_length=1024)
    variant = NameField(max_length=1024)
    iteration = models.BigIntegerField()
    timestamp = InstantField()
    document = StructureField(default=dict)
    plot = PlainTextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "type", "metric", "variant", "iteration"],
                name="one_report_per_iteration",
            )
        ]
