"""What the commands about a user have in common."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser

from experiments.errors import ExperimentError, UserNotFound
from experiments.models import User
from experiments.operations.accounts import ensure_user
from experiments.queries.accounts import user_named
from webui.serving import CannotServe
from webui.starting import prepare_database


def add_user_arguments(parser: CommandParser) -> None:
    parser.add_argument("user", metavar="USER", help="user name")
    parser.add_argument("--create", action="store_true", help="make the user if there is none")
    parser.add_argument("--admin", action="store_true", help="make the user a site admin")


def user_of(options: dict[str, Any]) -> User:
    name = options["user"]
    if not options["create"]:
        try:
            user_named(name)
        except UserNotFound as error:
            raise CommandError(f"{error}. Add --create to make that user.") from None
    return ensure_user(username=name, admin=options["admin"])


@contextmanager
def plainly() -> Iterator[None]:
    """Prints the answer and nothing else; a refusal is one sentence, not a traceback.

    Works before the first start of the server as well: the database is prepared as there.
    """
    log = logging.getLogger("tuneboard")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        prepare_database()
        yield
    except (ExperimentError, CannotServe) as error:
        raise CommandError(str(error)) from None
    finally:
        log.setLevel(level)
