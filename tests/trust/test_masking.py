"""Secrets that scripts logged stand in no page, table or menu; an editor asks for one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.factories import make_task
from tests.trust.walk import addresses, samples_of, text_of

NAMES = ["password", "db.password", "api_key", "hub_token", "client_secret", "session", "dsn",
         "aws_secret_access_key", "credentials", "private_key", "jwt", "cookie"]  # fmt: skip
CANARY = "canary7f3a-"
SECRETS = {
    **{f"Args/{name}": f"{CANARY}{name}" for name in NAMES},
    **{f"properties/{name}": f"{CANARY}property-{name}" for name in NAMES},
    "Args/url": f"postgres://amy:{CANARY}url@db.example.org/x",
    "Args/note": "gh" + f"p_{'a1B2' * 6} {CANARY}",
}

SECRET_SCRIPT = {
    "repository": f"https://amy:{CANARY}repository@example.org/a.git",
    "diff": f'+++ b/x\n+password = "{CANARY}diff"\n',
    "requirements": {"pip": f"git+https://amy:{CANARY}pip@example.org/a.git\n"},
}
SECRET_CONTAINER = {
    "arguments": f"--ipc=host -e DB_PASSWORD={CANARY}arguments",
    "setup_shell_script": f"export API_KEY={CANARY}setup\npip install x\n",
}


@pytest.fixture
def paths(alice: Any, project: Any) -> list[str]:
    """All pages about an experiment full of secrets, the secrets asked for as columns too."""
    task = make_task(
        project, user=alice, parameters=SECRETS, script=SECRET_SCRIPT, container=SECRET_CONTAINER
    )
    samples = {
        **samples_of(alice, project),
        "experiment": task.uid, "access_key": "x", "token": "x", "rest": "output/log",
        "name": "x", "object": "x", "key": "Args/password", "section": "Args",
        "group": "container", "action": "move",
    }  # fmt: skip
    found = [page.path for page in addresses(samples) if page.name not in {"logout", "login"}]
    columns = quote(",".join(key for key in SECRETS if "." not in key))
    searched = CANARY.removesuffix("-")  # what is typed stands in the page, this without its dash
    found += [f"{path}?q={searched}&columns=name,{columns}" for path in ("/", "/search/")]
    found += [
        f"/experiments/?columns=name,{columns}",
        f"/experiments/{task.uid}/configuration/?q={searched}",
    ]
    for key in SECRETS:
        found += [
            f"/experiments/{task.uid}/configuration/edit/?key={quote(key)}",
            f"/experiments/{task.uid}/configuration/parameter/?key={quote(key)}",
        ]
    return found


def leaks(client: Client, paths: list[str]) -> list[str]:
    return [
        path
        for path in paths
        for headers in ({}, {"HX-Request": "true"})
        if CANARY in text_of(client.get(path, headers=headers, follow=True))
    ]


@pytest.mark.parametrize("who", ["bob_client", "alice_client"])
def test_no_page_shows_one(paths: list[str], who: str, request: pytest.FixtureRequest) -> None:
    assert leaks(request.getfixturevalue(who), paths) == []


@pytest.fixture
def drawn_anew() -> Iterator[None]:
    """Cells that were drawn are kept by the process; those without a mask must not stay."""
    _forget_what_was_drawn()
    yield
    _forget_what_was_drawn()


def _forget_what_was_drawn() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("webui."):
            for kept in vars(module).values():
                if callable(getattr(kept, "cache_clear", None)):
                    kept.cache_clear()


@pytest.mark.usefixtures("drawn_anew")
def test_without_the_mask_pages_would(
    paths: list[str], alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("webui.") and hasattr(module, "is_secret"):
            monkeypatch.setattr(module, "is_secret", lambda *_: False)
    assert leaks(alice_client, paths)
