"""The address by which people and scripts reach this server."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

DEFAULT = "http://127.0.0.1:8008"
_FILE = "address"


def keep_address(address: str) -> None:
    """Called by the server once it knows where it listens, for commands run beside it."""
    (settings.DATA_DIR / _FILE).write_text(address + "\n")


def server_address() -> str:
    """For commands: the public address if one is set, else where the server listens."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL
    try:
        return (settings.DATA_DIR / _FILE).read_text().strip() or DEFAULT
    except OSError:
        return DEFAULT


def address_seen(request: HttpRequest) -> str:
    """For pages: the public address if one is set, else the one this person uses."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def sdk_lines(address: str, access_key: str, secret_key: str) -> str:
    """What to paste in front of a training script; nothing else of it has to change.

    The files host is named so that artifacts do not go to the SDK's own default elsewhere.
    """
    values = {
        "CLEARML_API_HOST": address,
        "CLEARML_WEB_HOST": address,
        "CLEARML_FILES_HOST": f"{address}/files",
        "CLEARML_API_ACCESS_KEY": access_key,
        "CLEARML_API_SECRET_KEY": secret_key,
    }
    return "\n".join(f"export {name}={value}" for name, value in values.items())
