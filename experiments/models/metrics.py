"""Scalars: one summary row per metric and variant, the full series in blocks."""

from __future__ import annotations

from django.db import models

from experiments.models.index import Key
from experiments.models.tasks import Task


class MetricSummary(models.Model):
    """First, last, least, greatest and mean of one series. NaN is stored as NULL.

    `key` is the dictionary's entry with source LAST.
    """

    pk = models.CompositePrimaryKey("task", "key")
    task = models.ForeignKey(Task, models.CASCADE, db_index=False, related_name="metrics")
    key = models.ForeignKey(Key, models.DO_NOTHING, db_index=False, db_constraint=False)
    value = models.FloatField(null=True)
    value_iteration = models.BigIntegerField()
    min_value = models.FloatField(null=True)
    min_value_iteration = models.BigIntegerField(null=True)
    max_value = models.FloatField(null=True)
    max_value_iteration = models.BigIntegerField(null=True)
    first_value = models.FloatField(null=True)
    first_value_iteration = models.BigIntegerField()
    mean_value = models.FloatField(null=True)
    count = models.BigIntegerField()


class SeriesBlock(models.Model):
    """Consecutive points of one series; `points` is packed, see `rules.series`."""

    task = models.ForeignKey(Task, models.CASCADE, db_index=False)
    key = models.ForeignKey(Key, models.DO_NOTHING, db_index=False, db_constraint=False)
    count = models.IntegerField()
    points = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["task", "key", "id"], name="series_in_order")]
