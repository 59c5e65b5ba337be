"""The parameter index: what filters, sorts, menus and catalogues read.

Three tables, one a kind of value, each *clustered* by (project, key, value, task) and with
no other index: 18 bytes a number. They hold no foreign keys on purpose; a delete would
have to scan for the children. `operations.indexing` alone writes them, and
`manage.py check_index` proves that they say what the documents say.
"""

from __future__ import annotations

from django.db import models

from experiments.models.fields import NameField
from experiments.rules.values import INDEXED_TEXT_LENGTH


class Source(models.TextChoices):
    PARAMETER = "parameter"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    TAG = "tag"
    SYSTEM_TAG = "system_tag"


class Key(models.Model):
    """Dictionary of everything that can be a column: (source, section, name) -> small number.

    For a metric, section and name are metric and variant. For tags both are empty.
    """

    source = models.CharField(max_length=12, choices=Source.choices)
    section = NameField(max_length=1024)
    name = NameField(max_length=1024)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "section", "name"], name="one_key_per_name")
        ]


class _Indexed(models.Model):
    project = models.BigIntegerField()
    key = models.BigIntegerField()
    task = models.BigIntegerField()

    class Meta:
        abstract = True


class IndexedNumber(_Indexed):
    pk = models.CompositePrimaryKey("project", "key", "value", "task")
    value = models.FloatField()


class IndexedBoolean(_Indexed):
    pk = models.CompositePrimaryKey("project", "key", "value", "task")
    value = models.BooleanField()


class IndexedText(_Indexed):
    pk = models.CompositePrimaryKey("project", "key", "value", "task")
    value = NameField(max_length=INDEXED_TEXT_LENGTH)
