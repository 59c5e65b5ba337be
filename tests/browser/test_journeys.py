"""What takes several pages: from the first start to the first experiment, Back, paging, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.sample import new_project, new_task
from tests.server import Server, server_environment, start_server, temporary_database

pytestmark = pytest.mark.browser


@pytest.fixture
def first_start(tmp_path: Path, chromium: Browser) -> Iterator[tuple[Page, str]]:
    """A browser before a server that was never started before, and its set-up link."""
    with (
        temporary_database("first_start") as database_url,
        start_server(server_environment(tmp_path / "data", database_url)) as started,
    ):
        link = next(line.strip() for line in started.lines if "/setup/" in line)
        context = chromium.new_context(base_url=started.url)
        yield context.new_page(), link
        context.close()


def test_from_the_set_up_link_to_the_first_experiment(first_start: tuple[Page, str]) -> None:
    page, link = first_start
    page.goto(link)
    page.get_by_label("User name").fill("amy")
    page.locator("input[type=password]").first.fill("a long pass phrase")
    page.locator("main button").first.click()
    expect(page.get_by_role("heading", name="Connect your code")).to_be_visible()

    page.get_by_role("button", name="Make a key").click()
    lines = page.locator("#connect-environment").inner_text()
    keys = dict(re.findall(r"export (\w+)=(\S+)", lines))
    expect(page.locator("#waiting")).to_contain_text("Waiting for your first experiment")

    server = Server.reached_with(
        keys["CLEARML_API_HOST"], keys["CLEARML_API_ACCESS_KEY"], keys["CLEARML_API_SECRET_KEY"]
    )
    new_task(server, new_project(server), "my first", lr="0.1")
    page.get_by_role("link", name="Open it").click()
    expect(page).to_have_url(re.compile("/configuration/"))
    expect(page.locator('tr[data-param="Args/lr"] [data-value]')).to_have_text("0.1")


def test_back_shows_whole_pages_as_they_were(page: Page, server: Server) -> None:
    project = new_project(server)
    for name in ("one", "two"):
        new_task(server, project, name)
    page.goto(f"/projects/{project}/experiments/")
    page.locator("#filter").fill("name = one")
    page.locator("#filter").press("Enter")
    table = page.locator("#experiment-table")
    expect(table).to_have_attribute("data-total", "1")
    table.locator("tbody a").first.click()
    expect(page).to_have_url(re.compile("/configuration/"))
    page.go_back()
    expect(page.locator("header.bar")).to_be_visible()
    expect(table).to_have_attribute("data-total", "1")
    page.go_back()
    expect(table).to_have_attribute("data-total", "2")
    expect(page.locator("header.bar")).to_be_visible()


def test_paging_without_javascript(browse: Callable[..., Page], server: Server) -> None:
    project = new_project(server)
    for number in range(5):
        new_task(server, project, f"task {number}")
    page = browse(java_script_enabled=False)
    page.goto(f"/projects/{project}/experiments/?limit=2")
    seen = []
    following = page.locator("nav.pager a[rel=next]")
    while True:
        seen += page.locator("#experiment-table tbody .name a").all_inner_texts()
        if not following.count():
            break
        following.click()
    assert seen == [f"task {number}" for number in (4, 3, 2, 1, 0)]


def test_signing_in_by_a_link_and_out_again(browse: Callable[..., Page], server: Server) -> None:
    link = server.manage("login_link", "charlie").strip()  # a session of its own, to be ended
    page = browse(None, java_script_enabled=False)
    page.goto(link)
    expect(page.locator("header.bar")).to_be_visible()
    page.locator("header.bar details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page).to_have_url(re.compile("/login/"))
    page.goto(link)
    expect(page.locator("header.bar")).to_have_count(0)
