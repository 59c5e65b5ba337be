"""Reads the environment: every setting there is, in one table, checked before anything starts."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
PREFIX = "TUNEBOARD_"
MEBIBYTE = 1024 * 1024
SHORTEST_KEY = 32
_NAME = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]"
_HOST = re.compile(_NAME)
_ADDRESS = re.compile(rf"https?://({_NAME})(:[0-9]{{1,5}})?/?")


@dataclass(frozen=True)
class Setting:
    """One environment variable: how its text is read and what it is for."""

    name: str
    default: str
    read: Callable[[str], Any]
    purpose: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name


def _text(text: str) -> str:
    return text


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("use 0 or 1")
    return text == "1"


def _folder(text: str) -> Path:
    if not text:
        raise ValueError("name a folder, or leave it out")
    try:
        return (BASE_DIR / Path(text).expanduser()).resolve()
    except RuntimeError:
        raise ValueError("there is no such home folder") from None


def _mebibytes(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise ValueError("use a whole number of MiB, at least 1")
    return int(text) * MEBIBYTE


def _workers(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise ValueError("use a whole number from 1 to 99")
    return int(text)


def _hosts(text: str) -> list[str]:
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if any("*" in host for host in hosts):
        raise ValueError("name the hosts; a * would accept any name a hostile page points here")
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("use host names such as box.example.org, without scheme, port or path")
    return hosts


def _address(text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise ValueError("use scheme and host, such as https://tuneboard.example.org")
    return text.rstrip("/").lower()


def _secret(text: str) -> str:
    if text and len(text) < SHORTEST_KEY:
        raise ValueError(
            f"use at least {SHORTEST_KEY} characters, or leave it out to have one made"
        )
    return text


def _database(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    form = ValueError("use postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %2F for a / and so on")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # its text would repeat a part of the password
        raise form from None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise form
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": query,
    }


SETTINGS = (
    Setting("DATA", "data", _folder, "folder of the database, uploads and the secret key"),
    Setting(
        "DATABASE_URL",
        "",
        _database,
        "`postgres://user:password@host:port/name`; empty: SQLite in the data folder",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "",
        _hosts,
        "names this server answers to besides localhost and its own address, by comma",
    ),
    Setting("PUBLIC_URL", "", _address, "address people and scripts use, when behind a proxy"),
    Setting(
        "SECRET_KEY",
        "",
        _secret,
        "signs tokens and sessions; empty: made once and kept in the data folder",
    ),
    Setting("MAX_BODY_MB", "16", _mebibytes, "largest request body and configuration object, MiB"),
    Setting("MAX_UPLOAD_MB", "10240", _mebibytes, "largest file that scripts may upload, MiB"),
    Setting("WORKERS", "2", _workers, "web processes"),
    Setting("DEBUG", "0", _flag, "1 shows error pages with code; for developers only"),
)


def read_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """All settings by name. Raises ImproperlyConfigured for a wrong or unknown one."""
    known = {setting.variable for setting in SETTINGS}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in known:
            raise ImproperlyConfigured(
                f"{variable} is not a setting. Known are: {', '.join(sorted(known))}."
            )
    values = {}
    for setting in SETTINGS:
        text = environ.get(setting.variable, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            shown = "" if setting.name in {"SECRET_KEY", "DATABASE_URL"} else f" {text!r}"
            raise ImproperlyConfigured(
                f"{setting.variable}{shown} is not valid: {error}."
            ) from None
    return values


def host_of(address: str) -> str:
    """The host of an address as a request names it: IPv6 in brackets, no port."""
    host = urlsplit(address).hostname or ""
    return f"[{host}]" if ":" in host else host


def make_folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"The data folder {path} cannot be made: {error}.") from None
    return path


def kept_secret_key(folder: Path) -> str:
    """The secret key of a data folder, made on first use, for its owner alone to read."""
    path = folder / "secret_key"
    try:
        if not path.exists():
            _make_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"The secret key cannot be kept in {path}: {error}.") from None
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"{path} holds no secret key. Restore it; or remove it to get a new one, "
            "and everybody has to sign in again and make new API keys."
        )
    return key


def _make_secret_key(path: Path) -> None:
    """Appears whole or not at all: another process may start at the same moment."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="secret_key.")  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process was first; its key holds
    finally:
        os.unlink(draft)
