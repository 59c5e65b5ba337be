"""Signing in with a password, and changing it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from experiments.errors import InvalidCredentials, InvalidField
from experiments.models import User
from experiments.operations.throttle import Limit, admit, forgive
from experiments.queries.accounts import digest_of
from experiments.rules.usernames import normal_username

# The address limit is wide: a whole office can share one address, or a proxy.
PER_PERSON = Limit(attempts=10, window=timedelta(minutes=15))
PER_ADDRESS = Limit(attempts=100, window=timedelta(minutes=15))

log = logging.getLogger("tuneboard.accounts")


def sign_in(*, username: str, password: str, address: str, now: datetime | None = None) -> User:
    """The user of that name and password. Raises InvalidCredentials or TooManyAttempts."""
    # A digest: people type their password into the wrong field, and it must not be kept.
    person = f"sign-in/{digest_of('throttle', username.strip().lower())}"
    admit(subject=f"address/{address[:100]}", limit=PER_ADDRESS, now=now)
    admit(subject=person, limit=PER_PERSON, now=now)
    user = authenticate(username=_spelling(username), password=password)
    if user is None:
        log.warning("failed sign-in from %s", address)
        raise InvalidCredentials("user name and password do not belong together")
    forgive(subject=person)
    log.info("%s signed in with a password", user.username)
    return user


def set_password(
    *, user: User, password: str, current: str = "", now: datetime | None = None
) -> None:
    """Sets it, or changes it for who knows the current one. Ends the other sessions."""
    if user.has_usable_password():
        admit(subject=f"password/{user.uid}", limit=PER_PERSON, now=now)
        if not check_password(current, user.password):
            raise InvalidField("that is not your current password", field="current")
        forgive(subject=f"password/{user.uid}")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidField(" ".join(error.messages), field="password") from None
    user.password = make_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    log.info("password of %s set", user.username)


def _spelling(username: str) -> str:
    """Names that nobody can have are tried as they are, so that they take as long."""
    try:
        return normal_username(username)
    except InvalidField:
        return ""
