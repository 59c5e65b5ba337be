"""Uploaded files. Their bytes are in the data folder, under ids of ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from experiments.models.fields import InstantField, PlainTextField
from experiments.models.identifiers import new_uid
from experiments.models.tasks import Task


class StoredFile(models.Model):
    """`uid` names the bytes on disk; `address` is a digest that finds the row by its path.

    Paths are too long for an index. Without a task the file is its user's alone. With `deleted`
    it is gone and the row a note for `user`, who deleted the task it belonged to.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    address = models.CharField(max_length=64, unique=True)
    path = PlainTextField()
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, db_index=False, related_name="stored_files"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = PlainTextField(default="")
    created = InstantField()
    deleted = InstantField(null=True)

    class Meta:
        indexes = [models.Index(fields=["task", "id"], name="file_by_task")]
