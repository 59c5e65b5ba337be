"""People, their keys and their sign-in links, as stored."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from django.conf import settings

from experiments.errors import InvalidCredentials, InvalidId, InvalidToken, UserNotFound
from experiments.models import Credential, SignInLink, User
from experiments.rules import tokens
from experiments.rules.usernames import normal_username

_ACCESS_KEY = re.compile(r"[A-Za-z0-9]{1,40}")
_UID = re.compile(r"[0-9a-f]{32}")


def digest_of(purpose: str, secret: str) -> str:
    """The stored form of a secret of this server."""
    return tokens.digest(purpose, secret, pepper=settings.SECRET_KEY)


def credential_for(access_key: str, secret_key: str, *, now: datetime | None = None) -> Credential:
    """The credential both keys belong to. Raises InvalidCredentials, without saying why."""
    credential = None
    if _ACCESS_KEY.fullmatch(access_key):
        credential = Credential.objects.select_related("user").filter(access_key=access_key).first()
    # Compared even when there is no such key, so that the time taken tells nothing.
    given = digest_of("credential", secret_key)
    matches = tokens.same(credential.secret_digest if credential else "", given)
    if credential is None or not matches or not _usable(credential, now):
        raise InvalidCredentials("access key and secret key do not belong together, or are revoked")
    return credential


def credential_by_id(credential_id: int, *, now: datetime | None = None) -> Credential:
    """Read afresh for each request, so that a revocation counts from the very next one."""
    credential = Credential.objects.select_related("user").filter(pk=credential_id).first()
    if credential is None or not _usable(credential, now):
        raise InvalidToken("its credentials were revoked")
    return credential


def credentials_of(user: User) -> list[Credential]:
    """Those still in force or expired, newest first; revoked ones are gone for the owner."""
    return list(Credential.objects.filter(user=user, revoked=None).order_by("-created", "-pk"))


def anybody_registered() -> bool:
    """Whether somebody can sign in; the author of example data cannot."""
    return User.objects.filter(is_active=True).exists()


def user_named(username: str) -> User:
    """Raises UserNotFound."""
    user = User.objects.filter(username=normal_username(username)).first()
    if user is None:
        raise UserNotFound(username)
    return user


def user_by_uid(uid: str) -> User:
    """Raises InvalidId or UserNotFound."""
    if not _UID.fullmatch(uid):
        raise InvalidId(f"{uid!r} is not the id of a user", field="user")
    user = User.objects.filter(uid=uid).first()
    if user is None:
        raise UserNotFound(uid, field="user")
    return user


def people(uids: Collection[str] | None = None) -> list[User]:
    """All active users, or those of them with the given ids, by user name."""
    users = User.objects.filter(is_active=True)
    if uids is not None:
        users = users.filter(uid__in=[uid for uid in uids if _UID.fullmatch(uid)])
    return list(users.order_by("username"))


def sign_in_link(token: str) -> SignInLink | None:
    """The link with this token, used and expired ones included."""
    return (
        SignInLink.objects.select_related("user")
        .filter(digest=digest_of("sign-in-link", token))
        .first()
    )


def _usable(credential: Credential, now: datetime | None) -> bool:
    now = now or datetime.now(UTC)
    expired = credential.expires is not None and credential.expires <= now
    return credential.revoked is None and not expired and credential.user.is_active
