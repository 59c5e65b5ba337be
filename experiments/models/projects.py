"""Projects, a tree by their path names, and who may do what in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from experiments.models.fields import InstantField, NameField, PlainTextField, StructureField
from experiments.models.identifiers import new_uid


class Role(models.TextChoices):
    NONE = "none", "no access"
    VIEWER = "viewer", "viewer"
    EDITOR = "editor", "editor"
    OWNER = "owner", "owner"


class Project(models.Model):
    """`name` is the whole path (`vision/detection`); `parent` its owner in the tree.

    `default_role` is what everybody signed in has here; None inherits from the parent.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    name = NameField(max_length=1024, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    description = PlainTextField(blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    default_role = models.CharField(max_length=8, choices=Role.choices, null=True)
    tags = StructureField(default=list)
    system_tags = StructureField(default=list)
    default_output_destination = PlainTextField(null=True)
    created = InstantField()
    last_update = InstantField()

    @property
    def basename(self) -> str:
        return self.name.rpartition("/")[2]


class Membership(models.Model):
    """A role given to one person in a project and everything under it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_role_per_project")
        ]
