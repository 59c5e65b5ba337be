"""The two commands by which somebody gets in from the server's own command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from experiments.models import Credential, User
from experiments.queries.accounts import credential_for
from tests.server import ROOT, server_environment
from webui.addresses import keep_address, server_address


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path):
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path


def test_credentials_as_json(db: None) -> None:
    keys = json.loads(run("issue_credentials", "amy", "--create", "--json"))
    assert set(keys) == {"access_key", "secret_key"}
    credential = credential_for(keys["access_key"], keys["secret_key"])
    assert (credential.user.username, credential.user.is_admin) == ("amy", False)
    assert credential.scope == Credential.Scope.WRITE


def test_credentials_as_lines_to_paste(db: None, folder: Path) -> None:
    keep_address("http://127.0.0.1:9999")
    text = run("issue_credentials", "amy", "--create", "--admin", "--read-only", "--label", "ci")
    assert re.search(r"^export CLEARML_API_HOST=http://127\.0\.0\.1:9999$", text, re.MULTILINE)
    credential = Credential.objects.get()
    assert (credential.user.is_admin, credential.scope, credential.label) == (True, "read", "ci")


@pytest.mark.parametrize("command", ["issue_credentials", "login_link"])
def test_an_unknown_user_is_not_made_unasked(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="Add --create"):
        run(command, "amy")
    assert not User.objects.exists()


@pytest.mark.parametrize("command", ["issue_credentials", "login_link"])
def test_an_impossible_name_is_one_sentence(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="a user name has"):
        run(command, "a b", "--create")


def test_admin_raises_an_existing_user(alice: User) -> None:
    run("issue_credentials", "alice", "--admin", "--json")
    assert User.objects.get().is_admin


def test_the_link_signs_in(client: Client, db: None, folder: Path) -> None:
    keep_address("http://127.0.0.1:9999")
    link = run("login_link", "amy", "--create", "--admin").strip()
    assert link.startswith("http://127.0.0.1:9999/login/")
    client.get(link.removeprefix("http://127.0.0.1:9999"))
    assert client.session["_auth_user_id"] == str(User.objects.get(username="amy").pk)


def test_the_address_of_the_server(folder: Path) -> None:
    assert server_address() == "http://127.0.0.1:8008"
    keep_address("http://127.0.0.1:9999")
    assert server_address() == "http://127.0.0.1:9999"
    with override_settings(PUBLIC_URL="https://board.example.org"):
        assert server_address() == "https://board.example.org"


def test_the_answer_is_all_that_is_printed(
    db: None, capfd: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert folder == settings.DATA_DIR
    call_command("issue_credentials", "amy", "--create", "--json")
    captured = capfd.readouterr()
    assert json.loads(captured.out)
    assert captured.err == ""


def test_they_work_before_the_first_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "login_link", "amy", "--create"],
        cwd=ROOT, env=server_environment(tmp_path / "new"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("http://127.0.0.1:8008/login/")
