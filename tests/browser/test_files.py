"""Uploaded files in a real browser: they are downloaded, drawn as pictures, and never run."""

from __future__ import annotations

import contextlib
import io
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.sample import new_project, new_task
from tests.server import SESSION_COOKIE, Server
from tests.uploads import MULTIPART, multipart

pytestmark = pytest.mark.browser
RUNS = "window.xcanary = 1; fetch('/xcanary')"
HOSTILE = {
    "page.html": f"<!doctype html><script>{RUNS}</script>".encode(),
    "picture.svg": f"<svg xmlns='http://www.w3.org/2000/svg'><script>{RUNS}</script></svg>".encode(),
    "page.xhtml": f"<html xmlns='http://www.w3.org/1999/xhtml'><script>{RUNS}</script></html>".encode(),
    "script.js": RUNS.encode(),
    "style.css": b"body { display: none }",
    "polyglot.gif": b"GIF89a=1;" + RUNS.encode(),
    "no-extension": f"<script>{RUNS}</script>".encode(),
}  # fmt: skip


@pytest.fixture(scope="module")
def task(server: Server) -> str:
    """An experiment with hostile files and one picture."""
    uid = new_task(server, new_project(server), "with files")
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (20, 120, 200)).save(picture, format="PNG")
    files = {**HOSTILE, "picture.png": picture.getvalue()}
    start = f"browser/with files.{uid}/artifacts"
    body = multipart({f"/{start}/{name}": content for name, content in files.items()})
    headers = {"Authorization": server.key(), "Content-Type": MULTIPART}
    request = urllib.request.Request(server.url + "/files", data=body, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        assert answer.status == 200
    artifacts = [
        {"key": name, "type": "custom", "uri": f"{server.url}/files/{start}/{name}",
         "content_size": len(content), "type_data": {"preview": f"one\n{name}"}}
        for name, content in files.items()
    ]  # fmt: skip
    server.data_of("tasks.add_or_update_artifacts", {"task": uid, "artifacts": artifacts})
    return uid


def address(task: str, name: str) -> str:
    return f"/files/browser/with files.{task}/artifacts/{name}"


@pytest.fixture
def watched(browse: Callable[..., Any]) -> Any:
    """A page, and what asked for the canary."""
    page = browse()
    called: list[str] = []
    page.on("request", lambda request: "xcanary" in request.url and called.append(request.url))
    return page, called


@pytest.mark.parametrize("name", HOSTILE)
def test_opening_a_file_downloads_it(watched: Any, task: str, name: str) -> None:
    page, called = watched
    page.goto("/")
    with page.expect_download() as download:
        page.evaluate("address => { location.href = address }", address(task, name))
    assert download.value.suggested_filename == name
    assert page.evaluate("window.xcanary") is None
    assert called == []


@pytest.fixture
def smuggled(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Puts an element into one of our pages, as a hole in them would; what became of it.

    Files come from where scripts and styles may come from, so the content policy is no help.
    The browser's complaints in its console are the point here.
    """
    session = server.people["alice"].session
    with contextlib.closing(chromium.new_context(base_url=server.url)) as context:
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": server.url}])
        page = context.new_page()
        page.goto("/")

        def put(tag: str, **attributes: str) -> str:
            return page.evaluate(
                """([tag, attributes]) => new Promise((done) => {
                  const element = Object.assign(document.createElement(tag), attributes);
                  element.onload = () => done("loaded");
                  element.onerror = () => done("refused");
                  document.addEventListener("securitypolicyviolation", () => done("forbidden"));
                  document.body.append(element);
                })""",
                [tag, attributes],
            )

        put.page = page  # type: ignore[attr-defined]
        yield put
        assert page.evaluate("window.xcanary") is None
        assert page.evaluate("getComputedStyle(document.body).display") != "none"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_of_ours_can_be_made_to_run_one(smuggled: Any, task: str, name: str) -> None:
    file = address(task, name)
    assert smuggled("script", src=file) == "refused"
    assert smuggled("script", type="module", src=file) == "refused"
    assert smuggled("link", rel="stylesheet", href=file) == "refused"
    assert smuggled("object", data=file) in {"refused", "forbidden"}
    assert smuggled("embed", src=file) in {"refused", "forbidden"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_frame_shows_none(smuggled: Any, task: str, name: str) -> None:
    page = smuggled.page
    with page.expect_download():
        page.evaluate(
            "src => document.body.append(Object.assign(document.createElement('iframe'), {src}))",
            address(task, name),
        )
    assert [frame.evaluate("window.xcanary") for frame in page.frames] == [None] * len(page.frames)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page(browse: Callable[..., Any], task: str, scheme: str) -> None:
    page = browse(color_scheme=scheme)
    page.goto(f"/experiments/{task}/artifacts/")
    rows = page.locator("[data-artifact]")
    assert rows.count() == len(HOSTILE) + 1
    picture = page.locator("[data-artifact='picture.png'] img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 60",
                           arg=picture.element_handle())  # fmt: skip
    with page.expect_download() as download:
        page.get_by_role("link", name="Download page.html").click()
    assert download.value.suggested_filename == "page.html"
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
