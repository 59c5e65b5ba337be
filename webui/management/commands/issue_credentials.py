"""Makes an access key and its secret for a user, for scripts."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from experiments.models import Credential
from experiments.operations.accounts import issue_credentials
from webui.addresses import sdk_lines, server_address
from webui.management.people import add_user_arguments, plainly, user_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        add_user_arguments(parser)
        parser.add_argument("--label", default="", help="what the key is for")
        parser.add_argument("--read-only", action="store_true", help="the key may only read")
        parser.add_argument("--json", action="store_true", help="print the two keys as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        scope = Credential.Scope.READ if options["read_only"] else Credential.Scope.WRITE
        with plainly():
            issued = issue_credentials(user=user_of(options), label=options["label"], scope=scope)
        keys = {"access_key": issued.access_key, "secret_key": issued.secret_key}
        self.stdout.write(
            json.dumps(keys) if options["json"] else sdk_lines(server_address(), *keys.values())
        )
