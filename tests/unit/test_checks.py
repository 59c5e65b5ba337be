"""Each weakened setting is found by a check, and the settings as they are pass all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.utils import ConnectionHandler
from django.test import override_settings

from experiments.checks import check_database, postgresql_faults, sqlite_faults
from webui import settings as real
from webui.checks import NEEDED_MIDDLEWARE, check_policy, check_settings, routes, setting_faults
from webui.policy import POLICY, Access

ROOT = Path(__file__).resolve().parents[2]
as_served = override_settings(
    PASSWORD_HASHERS=real.PASSWORD_HASHERS, ALLOWED_HOSTS=real.ALLOWED_HOSTS
)


def content_policy(**changes: list[str]) -> dict[str, Any]:
    directives = real.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    renamed = {name.replace("_", "-"): sources for name, sources in changes.items()}
    return {"DIRECTIVES": {**directives, **renamed}}


WEAKENED: list[dict[str, Any]] = [
    {"SESSION_COOKIE_HTTPONLY": False},
    {"SESSION_COOKIE_SAMESITE": "None"},
    {"SESSION_COOKIE_SAMESITE": None},
    {"CSRF_COOKIE_SAMESITE": "None"},
    {"SECURE_CONTENT_TYPE_NOSNIFF": False},
    {"X_FRAME_OPTIONS": "SAMEORIGIN"},
    {"SECURE_CROSS_ORIGIN_OPENER_POLICY": None},
    {"ALLOWED_HOSTS": ["*"]},
    {"ALLOWED_HOSTS": ["localhost", "*.example.org"]},
    {"DEBUG": True, "PUBLIC_URL": "http://board.example.org"},
    {"DEBUG": True, "ALLOWED_HOSTS": ["localhost", "box"]},
    {"SECURE": True, "SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": True},
    {"SECURE": True, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": False},
    {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]},
    {"AUTH_PASSWORD_VALIDATORS": []},
    {"SECRET_KEY": "x" * 31},
    {"CONTENT_SECURITY_POLICY": content_policy(script_src=["'self'", "'unsafe-inline'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(script_src=["'self'", "'unsafe-eval'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(style_src=["'self'", "'unsafe-inline'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(img_src=["*"])},
    {"CONTENT_SECURITY_POLICY": content_policy(connect_src=["https:"])},
    {"CONTENT_SECURITY_POLICY": content_policy(default_src=["'self'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(frame_ancestors=["'self'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(base_uri=["'self'"])},
    {"CONTENT_SECURITY_POLICY": content_policy(form_action=["https://a.example.org"])},
    *(
        {"MIDDLEWARE": [name for name in real.MIDDLEWARE if name != needed]}
        for needed in NEEDED_MIDDLEWARE
    ),
]


@pytest.mark.parametrize("weakened", WEAKENED, ids=str)
def test_a_weakened_setting_stops_the_start(weakened: dict[str, Any]) -> None:
    with as_served, override_settings(**weakened):
        assert check_settings()


@as_served
def test_the_settings_as_they_are_pass() -> None:
    assert list(setting_faults()) == []


def test_a_readable_secret_key_stops_the_start(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("x" * 50)
    with as_served, override_settings(DATA_DIR=tmp_path):
        key.chmod(0o640)
        assert "chmod 600" in "".join(setting_faults())
        key.chmod(0o600)
        assert list(setting_faults()) == []


def test_every_address_has_a_policy() -> None:
    assert check_policy() == []
    assert {name for _, name in routes()} <= set(POLICY)
    assert all(isinstance(access, Access) for access in POLICY.values())


def test_an_address_without_a_policy_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(POLICY, "login")
    monkeypatch.delitem(POLICY, "sdk")
    assert len(check_policy()) == 2


@pytest.mark.django_db
def test_the_database_as_it_is_passes() -> None:
    assert check_database(databases=["default"]) == []


def sqlite(path: Path, **options: Any) -> Any:
    """A connection to a database of its own, with the options given and no others."""
    database = {"ENGINE": real.SQLITE["ENGINE"], "NAME": path, "OPTIONS": options}
    return ConnectionHandler({"default": database})["default"]


@pytest.mark.django_db
def test_sqlite_with_djangos_own_options_is_refused(tmp_path: Path) -> None:
    opened = sqlite(tmp_path / "a.sqlite3")
    faults = " ".join(sqlite_faults(opened))
    opened.close()
    assert "transaction_mode" in faults
    assert "journal_mode is delete, not wal" in faults


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "named"),
    [
        ("journal_mode=DELETE", "journal_mode"),
        ("synchronous=NORMAL", "synchronous"),
        ("foreign_keys=OFF", "foreign_keys"),
    ],
)
def test_each_weakened_pragma_is_named(tmp_path: Path, pragma: str, named: str) -> None:
    options = dict(real.SQLITE["OPTIONS"])  # type: ignore[arg-type]
    opened = sqlite(tmp_path / "a.sqlite3", **options)
    assert sqlite_faults(opened) == []
    opened.cursor().execute(f"PRAGMA {pragma}")
    faults = sqlite_faults(opened)
    opened.close()
    assert len(faults) == 1
    assert named in faults[0]


@pytest.mark.parametrize(
    ("parameter", "found"), [("synchronous_commit", "off"), ("server_encoding", "SQL_ASCII")]
)
def test_a_weakened_postgresql_is_named(parameter: str, found: str) -> None:
    class Cursor(nullcontext):
        shown = ""

        def execute(self, query: str) -> None:
            self.shown = query.removeprefix("SHOW ")

        def fetchone(self) -> tuple[str]:
            sound = {"synchronous_commit": "on", "server_encoding": "UTF8"}
            return ({**sound, parameter: found}[self.shown],)

        def __enter__(self) -> Cursor:
            return self

    faults = postgresql_faults(SimpleNamespace(cursor=Cursor))
    assert len(faults) == 1
    assert f"{parameter} is {found}" in faults[0]


@pytest.mark.django_db
def test_a_database_that_cannot_be_opened_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = sqlite(tmp_path / "no" / "such" / "folder.sqlite3")
    monkeypatch.setattr("experiments.checks.connections", {"default": opened})
    assert "cannot be opened" in check_database(databases=["default"])[0].msg


@pytest.mark.parametrize("address", ["", "https://board.example.org"])
def test_djangos_own_checks_for_deployment_find_nothing(tmp_path: Path, address: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "TUNEBOARD_DATA": str(tmp_path),
        "TUNEBOARD_PUBLIC_URL": address,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        [*command, "--database", "default"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
