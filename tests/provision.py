"""Prepares the database of a real server for tests and prints, as JSON, how to get in.

Run as `python -m tests.provision` with the server's environment, before the server starts.
"""

from __future__ import annotations

import json
import os
import sys

import django
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command

PEOPLE = {"alice": True, "bob": False, "charlie": False}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webui.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    json.dump({name: _person(name, admin) for name, admin in PEOPLE.items()}, sys.stdout)


def _person(username: str, admin: bool) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from experiments.operations import accounts

    user = accounts.ensure_user(username=username, admin=admin)
    issued = accounts.issue_credentials(user=user, label="tests")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {
        "access_key": issued.access_key,
        "secret_key": issued.secret_key,
        "session": session.session_key,
    }


if __name__ == "__main__":
    main()
