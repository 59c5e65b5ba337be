"""Who changed what, and what each protocol client knew when it wrote."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from experiments.models.fields import InstantField, NameField, PlainTextField, StructureField
from experiments.models.tasks import Task


class Via(models.TextChoices):
    BROWSER = "browser"
    SDK = "sdk"
    AGENT = "agent"
    API = "api"
    SYSTEM = "system"


class HistoryEntry(models.Model):
    """One change: append-only. `what` is the kind of thing, `key` its name.

    `old` and `new` are None where there was, or is, nothing; of what is gone, `old_parts`
    keeps type and description. A bulk change of the SDK is one entry whose `key` is `*` and
    whose `old` is the document before it.
    """

    task = models.ForeignKey(Task, models.CASCADE, db_index=False, related_name="history")
    what = models.CharField(max_length=16)
    key = NameField(max_length=2100)
    old = PlainTextField(null=True)
    new = PlainTextField(null=True)
    old_parts = StructureField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)
    via = models.CharField(max_length=8, choices=Via.choices)
    client = PlainTextField(default="")
    at = InstantField()

    class Meta:
        indexes = [models.Index(fields=["task", "id"], name="history_in_order")]


class ClientRead(models.Model):
    """The document version a protocol session last read, while it was not the last writer."""

    pk = models.CompositePrimaryKey("task", "client")
    task = models.ForeignKey(Task, models.CASCADE, db_index=False)
    client = models.CharField(max_length=32)
    version = models.IntegerField()


class DocumentRevision(models.Model):
    """A document as some client last saw it, kept because somebody else changed it since."""

    pk = models.CompositePrimaryKey("task", "version")
    task = models.ForeignKey(Task, models.CASCADE, db_index=False)
    version = models.IntegerField()
    content = StructureField()
