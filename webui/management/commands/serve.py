"""`manage.py serve`: everything between a fresh checkout and a page in the browser."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from experiments.operations import accounts
from experiments.operations.housekeeping import clear_leftovers
from experiments.queries.accounts import anybody_registered
from webui import serving, starting
from webui.addresses import keep_address
from webui.version import VERSION

LOOPBACK = ("127.", "::1", "localhost")


class Command(BaseCommand):
    help = "Prepares the database and serves Tuneboard until Ctrl-C."
    requires_system_checks: list[str] = []  # run below, when the database is known to open

    def get_version(self) -> str:
        return VERSION

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default=8008, type=int, help="port; 0 takes any free one")
        parser.add_argument("--demo", action="store_true", help="load example experiments, once")

    def handle(self, *, host: str, port: int, demo: bool, **_options: Any) -> None:
        os.umask(0o077)  # the data folder is its owner's alone
        try:
            listener = serving.listen(host, port)
            self._prepare(demo)
            self._open_to(host)
        except (serving.CannotServe, ImproperlyConfigured, OSError) as refusal:
            sys.exit(f"Tuneboard cannot start: {refusal}")
        address = self._address(host, listener)
        self._introduce(address)
        serving.serve(
            listener,
            workers=settings.TUNEBOARD["WORKERS"],
            ready=lambda: self._say(f"Tuneboard is ready at {address}/"),
        )

    def _prepare(self, demo: bool) -> None:
        if not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
            raise serving.CannotServe(f"The data folder {settings.DATA_DIR} cannot be written to.")
        self._held = serving.hold_folder(settings.DATA_DIR)
        if starting.prepare_database():
            self._say("Database is up to date.")
        self.check(databases=["default"])
        clear_leftovers()
        starting.prepare_static_files()
        if demo:
            starting.load_examples()

    def _open_to(self, host: str) -> None:
        """Others than this machine may come in only where somebody can already sign in."""
        if host.startswith(LOOPBACK):
            return
        if not anybody_registered():
            raise serving.CannotServe(
                f"Nobody has an account yet, so {host} would be open to whoever comes first;"
                " start once without --host, use the set-up link, then start again."
            )
        if host not in serving.EVERY_ADDRESS:
            settings.ALLOWED_HOSTS.append(serving.host_in_address(host))
        elif not settings.TUNEBOARD["ALLOWED_HOSTS"] and not settings.PUBLIC_URL:
            self._say(
                f"Listening on {host}, but answering only as localhost: name this server in"
                " TUNEBOARD_ALLOWED_HOSTS, for example TUNEBOARD_ALLOWED_HOSTS=box.example.org."
            )

    def _address(self, host: str, listener: socket.socket) -> str:
        """Where the server is; kept in the data folder for `manage.py login_link`."""
        port = listener.getsockname()[1]
        address = f"http://{serving.host_in_address(host)}:{port}"
        keep_address(address)
        return address

    def _introduce(self, address: str) -> None:
        if anybody_registered():
            return
        token = accounts.make_sign_in_link(user=None)
        public = settings.PUBLIC_URL or address
        self._say("Nobody has an account yet. This link makes the first one, once:")
        self._say(f"  {public}{reverse('setup', args=[token])}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
