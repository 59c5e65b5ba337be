"""The first start: whoever holds the printed link names the first admin, once."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from experiments.errors import LinkNotUsable
from experiments.models import SignInLink, User
from experiments.operations.accounts import ensure_user
from experiments.operations.sign_in import set_password
from experiments.queries import accounts as accounts_query


def check_setup_link(*, token: str, now: datetime | None = None) -> SignInLink:
    """Raises LinkNotUsable unless the link may still make the first user."""
    link = accounts_query.sign_in_link(token)
    if accounts_query.anybody_registered():
        raise LinkNotUsable("this server is set up already, sign in instead")
    if link is None or link.user is not None or link.used is not None:
        raise LinkNotUsable("the address is not complete, or a newer one was printed since")
    if link.expires <= (now or datetime.now(UTC)):
        raise LinkNotUsable("it has expired, start the server again to get a new one")
    return link


@transaction.atomic
def complete_setup(
    *,
    token: str,
    username: str,
    full_name: str = "",
    password: str = "",
    now: datetime | None = None,
) -> User:
    """Makes the first user, an admin, and closes the set-up for ever.

    Without a password one signs in by links that the server's own command prints.
    """
    now = now or datetime.now(UTC)
    link = check_setup_link(token=token, now=now)
    # Using up every set-up link at once makes a second visitor wait here, and then lose.
    SignInLink.objects.filter(user=None, used=None).exclude(pk=link.pk).update(used=now)
    if not SignInLink.objects.filter(pk=link.pk, used=None).update(used=now):
        raise LinkNotUsable("this server is set up already, sign in instead")
    user = ensure_user(username=username, full_name=full_name, admin=True, now=now)
    if password:
        set_password(user=user, password=password, now=now)
    return user
