"""No axe violations on any page, in light and dark; the theme follows the system or a choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.sample import new_project, new_task, report
from tests.server import Server

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/connect/",
    "/projects/{project}/experiments/?columns=name,status,tags,Args/lr,last(loss/val)",
    "/projects/{project}/experiments/?filter=Args/lr < <",
    "/projects/{project}/experiments/?filter=Args/lr > 99",
    "/projects/{project}/experiments/columns/",
    "/experiments/{task}/configuration/",
    "/experiments/{draft}/configuration/",
    "/experiments/{draft}/configuration/?q=lr",
    "/experiments/{draft}/configuration/?view=flat&key=Args/lr",
    "/experiments/{draft}/configuration/?select=1",
    "/experiments/{draft}/configuration/copy/",
    "/experiments/{draft}/configuration/edit/?key=Args/lr",
    "/experiments/{task}/scalars/",
    "/experiments/{task}/console/",
    "/experiments/{task}/info/",
    "/settings/",
    "/settings/credentials/",
    "/no/such/page/",
)

DRAFT = {
    "lr": "1",
    "model/dim": "8",
    "model/act": "relu",
    "hub_token": "hf_abcdefghijklmnopqrstuvwxyz0123",
    "odd": "\u202e",
}


@pytest.fixture(scope="module")
def places(server: Server) -> dict[str, str]:
    project = new_project(server)
    task = new_task(server, project, "reported", lr="0.1", text="some")
    report(server, task)
    return {"project": project, "task": task, "draft": new_task(server, project, "draft", **DRAFT)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_no_violations(
    browse: Callable[..., Any], places: dict[str, str], address: str, scheme: str
) -> None:
    # axe is put into the page by the test: the page's own policy would not let it in.
    page = browse(color_scheme=scheme, bypass_csp=True)
    page.goto(address.format(**places))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_violations_in_the_dialog_that_copies(
    browse: Callable[..., Any], places: dict[str, str], scheme: str, width: int
) -> None:
    page = browse(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})
    page.goto("/experiments/{draft}/configuration/".format(**places))
    page.click("text=Copy all")
    page.wait_for_selector("dialog[open] [data-copy-from]:focus")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_theme_follows_the_system_until_one_is_chosen(browse: Callable[..., Any]) -> None:
    page = browse(color_scheme="dark")
    page.goto("/connect/")
    assert background(page) == "rgb(20, 21, 23)"
    page.click("summary:has(.avatar)")
    page.click("button:has-text('Light')")
    page.wait_for_selector("html[data-theme=light]")
    assert background(page) == "rgb(250, 249, 247)"
    page.goto("/settings/")
    assert background(page) == "rgb(250, 249, 247)"


def background(page: Any) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")
