"""People, their keys, and the ways to sign in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from experiments.models.fields import InstantField, NameField, StructureField
from experiments.models.identifiers import new_uid


class User(AbstractBaseUser):
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    username = NameField(max_length=150, unique=True)
    full_name = NameField(max_length=200, blank=True)
    is_admin = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created = InstantField()
    preferences = StructureField(default=dict)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.full_name or self.username


class Credential(models.Model):
    """An access key of the protocol. The secret itself is shown once and never stored."""

    class Scope(models.TextChoices):
        WRITE = "write", "read and write"
        READ = "read", "read only"

    user = models.ForeignKey(User, models.CASCADE, related_name="credentials")
    access_key = models.CharField(max_length=40, unique=True)
    secret_digest = models.CharField(max_length=64)
    label = NameField(max_length=100, blank=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.WRITE)
    created = InstantField()
    expires = InstantField(null=True)
    last_used = InstantField(null=True)
    revoked = InstantField(null=True)


class SignInLink(models.Model):
    """A one-time address. Without a user it is the set-up link of a new server."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True)
    created = InstantField()
    expires = InstantField()
    used = InstantField(null=True)


class Throttle(models.Model):
    """Attempts counted in a window; in the database, so that all processes share it."""

    subject = models.CharField(max_length=200, unique=True)
    window_start = InstantField()
    attempts = models.IntegerField(default=0)
