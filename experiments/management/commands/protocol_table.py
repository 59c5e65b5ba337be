"""Prints the table of the protocol's endpoints, or writes it into docs/protocol.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from experiments.sdk.table import endpoint_table, with_table


class Command(BaseCommand):
    help = "Print the table of the protocol's endpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="into docs/protocol.md")

    def handle(self, *, write: bool, **_: Any) -> None:
        if not write:
            self.stdout.write(endpoint_table(), ending="")
            return
        path = Path(settings.BASE_DIR, "docs", "protocol.md")
        path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
