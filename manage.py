#!/usr/bin/env python
"""Django's command line for Tuneboard."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file an older Python can read
        sys.exit(f"Tuneboard needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webui.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Tuneboard cannot start: {error}")
