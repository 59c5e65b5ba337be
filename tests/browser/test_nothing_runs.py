"""What a script stored, shown by every page of a real browser, runs nowhere and loads nothing.

The console is watched by the `browse` fixture: a violation of the content policy fails too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.server import Server
from tests.trust.hostile import PAYLOADS, store_everywhere, store_queue

pytestmark = pytest.mark.browser

TABS = ("configuration", "info", "console", "scalars", "artifacts")
COLUMNS = "name,type,tags,status,project,user,parent,description,Args/lr"


class LiveApi:
    def __init__(self, server: Server) -> None:
        self.data = server.data_of


@pytest.fixture(scope="module")
def stored(server: Server) -> tuple[str, str]:
    """A project and an experiment with every payload in every field, ids of both."""
    api = LiveApi(server)
    project = api.data("projects.create", {"name": "hostile", "description": PAYLOADS[0]})["id"]
    for number, payload in enumerate(PAYLOADS):
        name = f"hostile/{number}" + payload.replace("/", "-")
        inner = api.data("projects.create", {"name": name, "description": payload})["id"]
        api.data("tasks.create", {"name": payload, "type": "training", "project": inner,
                                  "comment": payload, "tags": [payload]})  # fmt: skip
    return project, store_everywhere(api, project, *PAYLOADS)


@pytest.fixture
def watched(browse: Callable[..., Any], server: Server) -> Any:
    """A page, and the addresses outside the server that it asked for."""
    page = browse()
    outside: list[str] = []

    def note(request: Any) -> None:
        if not request.url.startswith((server.url, "data:", "about:")):
            outside.append(request.url)

    page.on("request", note)
    page.on("dialog", lambda dialog: outside.append(dialog.message))
    return page, outside


def ran(page: Any) -> bool:
    return any(frame.evaluate("window.xcanary === 1") for frame in page.frames)


@pytest.mark.parametrize("tab", TABS)
def test_the_pages_of_an_experiment(watched: Any, stored: tuple[str, str], tab: str) -> None:
    page, outside = watched
    page.goto(f"/experiments/{stored[1]}/{tab}/")
    page.wait_for_load_state("networkidle")
    assert "xcanary" in page.inner_text("body")
    assert not ran(page)
    assert outside == []


@pytest.mark.parametrize("path", ["/", "/projects/{}/", "/projects/{}/experiments/",
                                  "/experiments/"])  # fmt: skip
def test_the_lists(watched: Any, stored: tuple[str, str], path: str) -> None:
    page, outside = watched
    page.goto(path.format(stored[0]) + f"?columns={COLUMNS}")
    page.wait_for_load_state("networkidle")
    assert not ran(page)
    assert outside == []


def test_queues_and_workers(watched: Any, stored: tuple[str, str], server: Server) -> None:
    page, outside = watched
    for payload in PAYLOADS[:12]:
        queue = store_queue(LiveApi(server), stored[0], payload)
        for part in ("", "rename/", "delete/"):
            page.goto(f"/queues/{queue}/{part}")
            page.wait_for_load_state("networkidle")
            assert "xcanary" in page.inner_text("body")
            assert not ran(page)
    for path in ("/queues/", f"/workers/?worker={quote(PAYLOADS[0])}"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert "xcanary" in page.inner_text("body")
        assert not ran(page)
    assert outside == []


@pytest.mark.parametrize("payload", PAYLOADS[:12])
def test_what_is_typed_into_the_search(watched: Any, stored: tuple[str, str], payload: str) -> None:
    page, outside = watched
    page.goto("/experiments/")
    page.fill("#site-search", payload)
    page.press("#site-search", "Enter")
    page.wait_for_load_state("networkidle")
    assert not ran(page)
    assert outside == []


def test_without_escaping_the_canary_would_be_seen(watched: Any) -> None:
    """The page below is of no server and has no content policy: there the payload runs."""
    page, _ = watched
    page.set_content("<img src=x onerror=window.xcanary=1>")
    page.wait_for_function("window.xcanary === 1")
    assert ran(page)
