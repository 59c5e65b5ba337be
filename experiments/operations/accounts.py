"""Users, the keys of their scripts, and one-time links. Passwords are in `sign_in`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from experiments.errors import CredentialNotFound, InvalidField, LinkNotUsable
from experiments.models import Credential, SignInLink, User
from experiments.queries import accounts as accounts_query
from experiments.rules import tokens
from experiments.rules.names import check_name
from experiments.rules.usernames import normal_username

SIGN_IN_LINK_LIFE = timedelta(minutes=30)
SETUP_LINK_LIFE = timedelta(days=7)
LAST_USED_PRECISION = timedelta(minutes=1)

log = logging.getLogger("tuneboard.accounts")


@dataclass(frozen=True, slots=True)
class IssuedCredentials:
    """The only moment at which the secret is known; show it once, keep it nowhere."""

    access_key: str
    secret_key: str
    credential: Credential

    def __repr__(self) -> str:
        return f"IssuedCredentials({self.access_key})"


def ensure_user(
    *,
    username: str,
    full_name: str = "",
    admin: bool = False,
    active: bool = True,
    now: datetime | None = None,
) -> User:
    """The user of that name, made if missing; `admin` raises an existing one, never lowers.

    One that is made but not active can own things and cannot sign in.
    """
    now = now or datetime.now(UTC)
    defaults = {
        "full_name": checked_full_name(full_name),
        "is_admin": admin,
        "is_active": active,
        "created": now,
        "password": unusable_password(),
    }
    user, made = User.objects.get_or_create(username=normal_username(username), defaults=defaults)
    if made:
        log.info("user %s created%s", user.username, " as admin" if admin else "")
    elif admin and not user.is_admin:
        User.objects.filter(pk=user.pk).update(is_admin=True)
        user.is_admin = True
        log.info("user %s made admin", user.username)
    return user


def set_full_name(*, user: User, full_name: str) -> None:
    user.full_name = checked_full_name(full_name)
    User.objects.filter(pk=user.pk).update(full_name=user.full_name)


def checked_full_name(text: str) -> str:
    if not text.strip():
        return ""
    name = check_name(text, "full_name")
    if len(name) > 200:
        raise InvalidField("a name has at most 200 characters", field="full_name")
    return name


def unusable_password() -> str:
    user = User()
    user.set_unusable_password()
    return user.password


def issue_credentials(
    *,
    user: User,
    label: str = "",
    scope: str = Credential.Scope.WRITE,
    expires: datetime | None = None,
    now: datetime | None = None,
) -> IssuedCredentials:
    if scope not in Credential.Scope.values:
        raise InvalidField(f"{scope!r} is not a scope", field="scope")
    label = check_name(label, "label") if label.strip() else ""
    if len(label) > 100:
        raise InvalidField("a label has at most 100 characters", field="label")
    secret_key = tokens.new_secret_key()
    credential = Credential.objects.create(
        user=user,
        access_key=tokens.new_access_key(),
        secret_digest=accounts_query.digest_of("credential", secret_key),
        label=label,
        scope=scope,
        created=now or datetime.now(UTC),
        expires=expires,
    )
    log.info("credentials %s issued for %s", credential.access_key, user.username)
    return IssuedCredentials(credential.access_key, secret_key, credential)


def revoke_credentials(*, user: User, access_key: str, now: datetime | None = None) -> None:
    """Takes effect on the next request. Raises CredentialNotFound for those of others."""
    mine = Credential.objects.filter(user=user, access_key=access_key, revoked=None)
    if "\x00" in access_key or not mine.update(revoked=now or datetime.now(UTC)):
        raise CredentialNotFound(field="access_key")
    log.info("credentials %s of %s revoked", access_key, user.username)


def note_use(*, credential: Credential, now: datetime | None = None) -> None:
    """Keeps `last_used` to the minute: a write for each request would be too dear."""
    now = now or datetime.now(UTC)
    stale = now - LAST_USED_PRECISION
    if credential.last_used is not None and credential.last_used > stale:
        return
    unnoted = Q(last_used=None) | Q(last_used__lte=stale)
    Credential.objects.filter(unnoted, pk=credential.pk).update(last_used=now)
    credential.last_used = now


def make_sign_in_link(*, user: User | None, now: datetime | None = None) -> str:
    """The token of a one-time link; without a user, of the set-up link of an empty server.

    A new set-up link replaces the ones before it.
    """
    now = now or datetime.now(UTC)
    if user is None and accounts_query.anybody_registered():
        raise LinkNotUsable("this server is set up already")
    token = tokens.new_link_token()
    with transaction.atomic():
        outdated = Q(expires__lte=now) | (Q(user=None, used=None) if user is None else Q())
        SignInLink.objects.filter(outdated).delete()
        SignInLink.objects.create(
            digest=accounts_query.digest_of("sign-in-link", token),
            user=user,
            created=now,
            expires=now + (SETUP_LINK_LIFE if user is None else SIGN_IN_LINK_LIFE),
        )
    return token


def redeem_sign_in_link(*, token: str, now: datetime | None = None) -> User:
    """The user a link signs in; one conditional UPDATE decides who was first."""
    now = now or datetime.now(UTC)
    link = accounts_query.sign_in_link(token)
    if link is None or link.user is None or not link.user.is_active:
        raise LinkNotUsable("it is not complete, or not from this server")
    if link.expires <= now:
        raise LinkNotUsable("it has expired")
    if not SignInLink.objects.filter(pk=link.pk, used=None).update(used=now):
        raise LinkNotUsable("it was used already, each link signs in once")
    log.info("%s signed in by a one-time link", link.user.username)
    return link.user
