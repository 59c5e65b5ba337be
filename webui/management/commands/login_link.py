"""Prints an address that signs a user in, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from experiments.operations.accounts import make_sign_in_link
from webui.addresses import server_address
from webui.management.people import add_user_arguments, plainly, user_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        add_user_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        with plainly():
            token = make_sign_in_link(user=user_of(options))
        self.stdout.write(server_address() + reverse("sign-in-link", args=[token]))
